using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>What matters of a heat pump now: key figures, then the tiles that its profile arranges.</summary>
public partial class NowPanel
{
    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>Key of the range of the charts.</summary>
    [Parameter, EditorRequired]
    public required string Range { get; set; }

    /// <summary>What the charts show.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>A range was chosen.</summary>
    [Parameter]
    public EventCallback<string> RangeChosen { get; set; }

    /// <summary>A chart was zoomed, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

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
