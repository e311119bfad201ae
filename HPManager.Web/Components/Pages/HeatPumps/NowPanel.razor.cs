using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Charts;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>What matters of a heat pump now: key figures, then the tiles that its profile arranges.</summary>
public partial class NowPanel
{
    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>What stands in the URL of time.</summary>
    [Parameter, EditorRequired]
    public required ChartView View { get; set; }

    /// <summary>What the charts show.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>Another stretch is to be shown; with true in place of the present one.</summary>
    [Parameter]
    public EventCallback<(ChartView View, bool InPlace)> ViewChanged { get; set; }

    private IReadOnlyList<Tile> Charts { get; set; } = [];

    private IReadOnlyList<Tile> Values { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var sensors = State.Sensors;
        var tiles = State.Model.Dashboard.ToLookup(tile => tile.IsChart, tile => new Tile(tile.Title, [.. Known(sensors, tile.Sensors)]));
        Charts = [.. tiles[true].Where(tile => tile.Sensors.Any(ChartGroups.IsDrawable))];
        Values = [.. tiles[false].Where(tile => tile.Sensors.Count > 0)];
    }

    private Reading ReadingOf(SensorDefinition sensor) => State.Snapshot?[sensor.Key] ?? new Reading(null, null, Quality.Missing, default, "not read yet");

    private static IEnumerable<SensorDefinition> Known(SensorSet sensors, IReadOnlyList<SensorKey> keys)
    {
        foreach (var key in keys)
        {
            if (sensors.TryGet(key, out var sensor)) yield return sensor;
        }
    }

    private sealed record Tile(string Title, IReadOnlyList<SensorDefinition> Sensors);
}
