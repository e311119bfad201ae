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

    private static readonly Dictionary<string, object> PickerAttributes = new() { ["aria-label"] = "Choose sensors" };

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

    private IReadOnlyList<Choice> Choices { get; set; } = [];

    private IEnumerable<string> Keys => Drawn.Select(sensor => sensor.Key.Value);

    private SensorSet? _sensors;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var sensors = State.Snapshot?.Sensors ?? State.Model.Sensors(State.HeatPump.Options);
        if (!ReferenceEquals(sensors, _sensors))
        {
            _sensors = sensors;
            Choices = [.. sensors.All.Where(ChartGroups.IsDrawable).Select(sensor => new Choice(sensor.Key.Value, LabelOf(sensor)))];
        }

        var drawn = Chosen is null
            ? DrawnFirst.Select(sensors.PositionOf).Where(position => position >= 0).Select(position => sensors[position])
            : Chosen.Select(sensors.PositionOf).Where(position => position >= 0).Select(position => sensors[position]);
        Drawn = [.. drawn.Where(ChartGroups.IsDrawable).Take(HistoryQuery.MaxSensors)];
    }

    private static string LabelOf(SensorDefinition sensor) => sensor.Circuit is { } circuit ? $"{sensor.Label} ({ValueFormat.Words(circuit)})" : sensor.Label;

    private Task TakeAsync(IEnumerable<string>? keys)
    {
        // What stays keeps its place and so its colour; what is new comes last.
        var wanted = (keys ?? []).ToList();
        var kept = Keys.Where(wanted.Contains).ToList();
        return ChosenChanged.InvokeAsync([.. kept.Concat(wanted.Except(kept)).Select(SensorKey.Parse)]);
    }

    private Task RemoveAsync(SensorKey key) => ChosenChanged.InvokeAsync([.. Drawn.Select(sensor => sensor.Key).Where(other => other != key)]);

    private sealed record Choice(string Key, string Label);
}
