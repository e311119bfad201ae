using System.Globalization;
using Microsoft.JSInterop;

namespace HPManager.Web.Components.Display;

/// <summary>
/// Who looks at the pages: their culture, and their time zone, which the browser is asked for once per circuit; UTC until it answered. One per circuit; used on its
/// synchronization context only.
/// </summary>
public sealed class Viewer(TimeProvider time)
{
    private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
    private bool _asked;

    /// <summary>The module that asks the browser.</summary>
    public const string Module = "./js/viewer.js";

    /// <summary>The zone became known: what shows times should render again.</summary>
    public event EventHandler? Changed;

    /// <summary>The viewer's zone.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Now, UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Asks the browser; a second call does nothing.</summary>
    public async Task LearnAsync(IJSRuntime browser)
    {
        if (_asked) return;
        _asked = true;
        await using var module = await browser.InvokeAsync<IJSObjectReference>("import", Module);
        var id = await module.InvokeAsync<string>("zone");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id ?? "", out var zone) || zone.Equals(Zone)) return;
        Zone = zone;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>
    /// Writes numbers as this viewer does for the rest of the caller's work. Whatever reaches a circuit from outside, such as a new reading, comes in the
    /// culture of the thread that brought it.
    /// </summary>
    public void UseCulture() => CultureInfo.CurrentCulture = _culture;

    /// <summary>How long ago a moment was; never negative.</summary>
    public TimeSpan AgeOf(DateTimeOffset moment) => moment < Now ? Now - moment : TimeSpan.Zero;

    /// <summary>A moment in the viewer's zone, as short as it is clear: <c>14:02</c> today, <c>Tue 14:02</c> this week, else <c>3 Jan 14:02</c>.</summary>
    public string Time(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone);
        var today = TimeZoneInfo.ConvertTime(Now, Zone).Date;
        var pattern = (today - local.Date).TotalDays switch
        {
            0 => "HH:mm",
            > 0 and < 7 => "ddd HH:mm",
            _ when local.Year == today.Year => "d MMM HH:mm",
            _ => "d MMM yyyy HH:mm",
        };
        return local.ToString(pattern, CultureInfo.InvariantCulture);
    }

    /// <summary>A moment in the viewer's zone with date and seconds.</summary>
    public string Moment(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, Zone).ToString("d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);
}
