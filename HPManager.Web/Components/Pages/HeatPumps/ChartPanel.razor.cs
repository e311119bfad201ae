using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Controls;
using HPManager.Web.Components.Display;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>Any sensors of a heat pump over time.</summary>
public partial class ChartPanel
{
    private static readonly Signal[] DrawnFirst =
        [Signal.FlowTemperature, Signal.ReturnTemperature, Signal.OutdoorTemperature, Signal.HotWaterTemperature, Signal.ElectricPower];

    private SensorSet? _sensors;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>What is drawn; null for what explains most.</summary>
    [Parameter]
    public IReadOnlyList<SensorKey>? Chosen { get; set; }

    /// <summary>Something else is to be drawn.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<SensorKey>> ChosenChanged { get; set; }

    /// <summary>Key of the range.</summary>
    [Parameter, EditorRequired]
    public required string Range { get; set; }

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>A range was chosen.</summary>
    [Parameter]
    public EventCallback<string> RangeChosen { get; set; }

    /// <summary>The chart was zoomed, or back out with null.</summary>
    [Parameter]
    public EventCallback<ChartWindow?> Zoomed { get; set; }

    private IReadOnlyList<SensorDefinition> Drawn { get; set; } = [];

    private IReadOnlyList<SensorDefinition> Drawable { get; set; } = [];

    private IReadOnlyList<SensorKey> Keys { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var sensors = State.Sensors;
        if (!ReferenceEquals(sensors, _sensors)) Drawable = [.. sensors.All.Where(ChartGroups.IsDrawable)];
        _sensors = sensors;
        var positions = Chosen is null ? DrawnFirst.Select(sensors.PositionOf) : Chosen.Select(sensors.PositionOf);
        Drawn = [.. positions.Where(position => position >= 0).Select(position => sensors[position]).Where(ChartGroups.IsDrawable).Take(HistoryQuery.MaxSensors)];
        Keys = [.. Drawn.Select(sensor => sensor.Key)];
    }

    private Task RemoveAsync(SensorKey key) => ChosenChanged.InvokeAsync([.. Keys.Where(other => other != key)]);
}
