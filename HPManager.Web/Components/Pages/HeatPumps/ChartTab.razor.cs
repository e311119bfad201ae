using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Charts;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Pages;

/// <summary>Any sensors of a heat pump over time.</summary>
public partial class ChartTab
{
    private static readonly Signal[] DrawnFirst =
        [Signal.FlowTemperature, Signal.ReturnTemperature, Signal.OutdoorTemperature, Signal.HotWaterTemperature, Signal.ElectricPower];

    private SensorSet? _sensors;

    /// <summary>The heat pump's newest state.</summary>
    [Parameter, EditorRequired]
    public required HeatPumpState State { get; set; }

    /// <summary>Keys of what is drawn; null for what explains most.</summary>
    [Parameter]
    public IReadOnlyList<string>? Chosen { get; set; }

    /// <summary>Something else is to be drawn.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<string>> ChosenChanged { get; set; }

    /// <summary>What stands in the URL.</summary>
    [Parameter, EditorRequired]
    public required ChartView View { get; set; }

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required ChartWindow Window { get; set; }

    /// <summary>Another stretch is to be shown; with true in place of the present one.</summary>
    [Parameter]
    public EventCallback<(ChartView View, bool InPlace)> ViewChanged { get; set; }

    private IReadOnlyList<SensorDefinition> Drawable { get; set; } = [];

    private IReadOnlyList<SensorOffer> Offers { get; set; } = [];

    private IReadOnlyList<ChartSeries> Series { get; set; } = [];

    private IReadOnlyList<(string Key, string Label)> Chips { get; set; } = [];

    private IReadOnlyList<string> Keys { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var sensors = State.Sensors;
        if (!ReferenceEquals(sensors, _sensors))
        {
            var activity = ActivityLane.InputsOf(sensors).Count > 0 ? new[] { ActivityLane.Sensor } : [];
            Drawable = [.. activity, .. sensors.All.Where(ChartGroups.IsDrawable)];
            Offers = [.. Drawable.Select(sensor => SensorOffer.Of(sensor, sensor.Key.Value))];
        }

        _sensors = sensors;
        var drawn = Chosen is null
            ? DrawnFirst.Select(sensors.PositionOf).Where(position => position >= 0).Select(position => sensors[position]).Append(ActivityLane.Sensor)
            : Chosen.Select(key => Drawable.FirstOrDefault(sensor => sensor.Key.Value == key)).OfType<SensorDefinition>();
        Series = [.. drawn.Where(Drawable.Contains).Take(ChartSeries.Most).Select(sensor => new ChartSeries(State, sensor))];
        Chips = [.. Series.Select(line => (line.Sensor.Key.Value, line.Label(withHeatPump: false)))];
        Keys = [.. Chips.Select(chip => chip.Key)];
    }

    private Task RemoveAsync(string key) => ChosenChanged.InvokeAsync([.. Keys.Where(other => other != key)]);
}
