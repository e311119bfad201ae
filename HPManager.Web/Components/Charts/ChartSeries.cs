using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>A line of a chart: a sensor of a heat pump.</summary>
/// <param name="State">The heat pump's newest state.</param>
/// <param name="Sensor">Its sensor, or <see cref="ActivityLane.Sensor"/>.</param>
public sealed record ChartSeries(HeatPumpState State, SensorDefinition Sensor)
{
    /// <summary>Most lines on one page: more cannot be told apart.</summary>
    public const int Most = 24;

    /// <summary>Whose.</summary>
    public HeatPumpId HeatPumpId => State.HeatPump.Id;

    /// <summary>What tells it from the others.</summary>
    public string Key => $"{HeatPumpId}.{Sensor.Key}";

    /// <summary>What a person reads; with the heat pump's name where there are several.</summary>
    public string Label(bool withHeatPump) => withHeatPump ? $"{State.HeatPump.Name}: {ValueFormat.LabelOf(Sensor)}" : ValueFormat.LabelOf(Sensor);
}
