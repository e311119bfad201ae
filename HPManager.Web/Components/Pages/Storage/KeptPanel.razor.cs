using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>What the embedded store holds, and for how long.</summary>
public sealed partial class KeptPanel : IDisposable
{
    private readonly Lifetime _lifetime = new();
    private double? _progress;
    private string? _said;
    private string? _wrong;

    /// <summary>The file.</summary>
    [Parameter, EditorRequired]
    public required HistoryFileStatus File { get; set; }

    /// <summary>What was written to disk, within which time; null where that is not known.</summary>
    [Parameter]
    public (long Bytes, TimeSpan Within)? Writes { get; set; }

    /// <summary>What is saved.</summary>
    [Parameter, EditorRequired]
    public required HistorySettings Settings { get; set; }

    /// <summary>Something was saved.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    /// <summary>Reads the file.</summary>
    [Inject]
    public required IHistoryFile Files { get; set; }

    /// <summary>Keeps the settings.</summary>
    [Inject]
    public required HistorySettingsStore Store { get; set; }

    /// <summary>Names of heat pumps.</summary>
    [Inject]
    public required LiveValues Live { get; set; }

    /// <summary>Clock and zone.</summary>
    [Inject]
    public required Viewer Viewer { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private static string Within(TimeSpan time) => time.TotalMinutes switch
    {
        < 2 => "minute",
        < 59 => $"{(int)time.TotalMinutes} minutes",
        _ => "hour",
    };

    private string NameOf(HeatPumpId heatPump) => Live.Get(heatPump)?.HeatPump.Name ?? heatPump.Value;

    private HistoryKeeping Keeping(HeatPumpId heatPump) => Settings.KeepingOf.GetValueOrDefault(heatPump.Value) ?? Settings.Keeping;

    private async Task KeepAsync(HeatPumpId heatPump, string? days = null, string? megabytes = null)
    {
        var keeping = Keeping(heatPump);
        if (days is not null) keeping = keeping with { Days = NumberOf(days) };
        if (megabytes is not null) keeping = keeping with { Megabytes = NumberOf(megabytes) };
        _wrong = keeping.Check(NameOf(heatPump)).FirstOrDefault()?.Message;
        if (_wrong is not null) return;
        await Store.ChangeAsync(
            settings => settings with { KeepingOf = new Dictionary<string, HistoryKeeping>(settings.KeepingOf) { [heatPump.Value] = keeping } }, _lifetime.Token);
        await Saved.InvokeAsync();
        _said = $"Saved for {NameOf(heatPump)}";
    }

    // What is no number is none that is allowed, and is refused as such.
    private static int? NumberOf(string text) => string.IsNullOrWhiteSpace(text)
        ? null
        : int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private async Task CheckAsync()
    {
        (_progress, _said) = (0, null);
        var progress = new Progress<double>(done => _ = InvokeAsync(() =>
        {
            if (_progress is null) return;
            _progress = done;
            StateHasChanged();
        }));
        try
        {
            var report = await Files.CheckAsync(progress, _lifetime.Token);
            _said = report.IsIntact
                ? $"{ValueFormat.Count(report.Readings)} readings are as they were written"
                : $"{report.Damage.Count} stretches are damaged{(report.Database is { } database ? $"; SQLite says: {database}" : null)}";
        }
        catch (IOException fault)
        {
            _said = fault.Message;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            _progress = null;
        }

        await Saved.InvokeAsync();
    }
}
