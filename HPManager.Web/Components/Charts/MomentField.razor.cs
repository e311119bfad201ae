using System.Globalization;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// A moment on the viewer's wall clock, to the minute. A time that daylight saving leaves out is the next there is; of one that comes twice the begin takes the
/// first and the end the second.
/// </summary>
public partial class MomentField
{
    private const string Format = "yyyy-MM-ddTHH:mm";

    /// <summary>Id of the input.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>What it is.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The moment, UTC; null for none.</summary>
    [Parameter]
    public DateTimeOffset? Value { get; set; }

    /// <summary>Another moment was entered; null for what is none.</summary>
    [Parameter]
    public EventCallback<DateTimeOffset?> ValueChanged { get; set; }

    /// <summary>Whether it ends something.</summary>
    [Parameter]
    public bool IsEnd { get; set; }

    /// <summary>Whose wall clock.</summary>
    [Parameter, EditorRequired]
    public required Viewer Viewer { get; set; }

    private string Text => Value is { } moment ? LocalTime.Of(moment, Viewer.Zone).ToString(Format, CultureInfo.InvariantCulture) : "";

    private Task TakeAsync(ChangeEventArgs change)
    {
        // Browsers add seconds when there are some.
        string[] formats = [Format, $"{Format}:ss", $"{Format}:ss.fff"];
        var isMoment = DateTime.TryParseExact(change.Value as string, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            && wall.Year is > 1970 and < 3000;
        return ValueChanged.InvokeAsync(isMoment ? LocalTime.At(wall, Viewer.Zone, second: IsEnd) : null);
    }
}
