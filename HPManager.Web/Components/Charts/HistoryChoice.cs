using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// What is chosen on the page with several heat pumps: a signal, which is shown of each of them, or one sensor of one of them. In the URL a signal stands by its key
/// (<c>flow_temperature</c>), a sensor behind its heat pump (<c>hp-001.flow_temp_bt2</c>), and what each of them did as <c>what_it_did</c>.
/// </summary>
internal static class HistoryChoice
{
    private const string EachGroup = "Of every heat pump";

    private static readonly Signal[] First = [Signal.FlowTemperature, Signal.ElectricPower];

    /// <summary>What is shown when nothing was chosen.</summary>
    public static IReadOnlyList<string> Default { get; } = [.. First.Select(signal => signal.Key()), ActivityLane.Sensor.Key.Value];

    /// <summary>The lines of what is chosen, at most <see cref="ChartSeries.Most"/>; what no heat pump has is left out.</summary>
    public static IReadOnlyList<ChartSeries> SeriesOf(IReadOnlyList<string> chosen, IReadOnlyList<HeatPumpState> heatPumps) =>
        [.. chosen.SelectMany(key => heatPumps.SelectMany(state => SensorsOf(key, state).Select(sensor => new ChartSeries(state, sensor)))).DistinctBy(line => line.Key).Take(ChartSeries.Most)];

    /// <summary>What can be chosen: the signals that the heat pumps carry, then each one's sensors.</summary>
    public static IReadOnlyList<SensorOffer> OffersOf(IReadOnlyList<HeatPumpState> heatPumps)
    {
        var offers = new List<SensorOffer>();
        if (heatPumps.Any(state => ActivityLane.InputsOf(state.Sensors).Count > 0)) offers.Add(SensorOffer.Of(ActivityLane.Sensor, ActivityLane.Sensor.Key.Value, EachGroup));
        var signals = heatPumps.SelectMany(state => state.Sensors.All).Where(sensor => sensor.Signal is not null && ChartGroups.IsDrawable(sensor)).GroupBy(sensor => sensor.Signal!.Value);
        offers.AddRange(signals.OrderBy(group => group.Key).Select(group =>
            SensorOffer.Of(group.First(), group.Key.Key(), EachGroup) with { Label = LabelOf(group.Key), Words = group.Key.Key() }));
        foreach (var state in heatPumps)
            offers.AddRange(state.Sensors.All.Where(ChartGroups.IsDrawable).Select(sensor => SensorOffer.Of(sensor, $"{state.HeatPump.Id}.{sensor.Key}", state.HeatPump.Name)));
        return offers;
    }

    /// <summary>What a person reads of something chosen; null for what nobody can make sense of.</summary>
    public static string? LabelOf(string key, IReadOnlyList<HeatPumpState> heatPumps)
    {
        if (key == ActivityLane.Sensor.Key.Value) return ActivityLane.Sensor.Label;
        if (Signals.TryParse(key, out var signal)) return LabelOf(signal);
        var found = heatPumps.SelectMany(state => SensorsOf(key, state).Select(sensor => new ChartSeries(state, sensor))).FirstOrDefault();
        return found?.Label(withHeatPump: true);
    }

    private static IEnumerable<SensorDefinition> SensorsOf(string key, HeatPumpState state)
    {
        if (key == ActivityLane.Sensor.Key.Value) return ActivityLane.InputsOf(state.Sensors).Count > 0 ? [ActivityLane.Sensor] : [];
        if (Signals.TryParse(key, out var signal)) return state.Sensors.All.Where(sensor => sensor.Signal == signal && ChartGroups.IsDrawable(sensor));
        return key.StartsWith($"{state.HeatPump.Id}.", StringComparison.Ordinal)
            && SensorKey.TryParse(key[(state.HeatPump.Id.Value.Length + 1)..], out var own)
            && state.Sensors.TryGet(own, out var sensor) && ChartGroups.IsDrawable(sensor)
            ? [sensor]
            : [];
    }

    private static string LabelOf(Signal signal) => ValueFormat.Words(signal.Key());
}
