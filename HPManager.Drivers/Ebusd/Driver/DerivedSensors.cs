using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Inventory;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>What a derived sensor is made from.</summary>
/// <param name="At">Time of the poll.</param>
/// <param name="Info">What ebusd says of itself.</param>
/// <param name="WritesToday">Values written since midnight UTC.</param>
/// <param name="Of">The reading of another sensor; null when the plant does not have it.</param>
internal sealed record PollFacts(DateTimeOffset At, EbusdInfo Info, int WritesToday, Func<string, Reading?> Of);

/// <summary>A sensor that is no message.</summary>
/// <param name="Definition">The sensor.</param>
/// <param name="Needs">Keys of the sensors without all of which it does not exist.</param>
/// <param name="Read">Its reading.</param>
internal sealed record DerivedSensor(SensorDefinition Definition, IReadOnlyList<string> Needs, Func<PollFacts, Reading> Read);

/// <summary>The sensors that follow from several messages, and what is known of ebusd itself.</summary>
internal static class DerivedSensors
{
    private const int Deicing = 516;
    private const string Own = "HPManager";

    public static IReadOnlyList<DerivedSensor> All { get; } =
    [
        new(
            new SensorDefinition
            {
                Key = SensorKey.Parse("ebusd_version"), Label = "Version of ebusd", Category = SensorCategory.Other, Kind = ValueKind.Text, Address = "info", Source = Own,
            },
            [],
            facts => new Reading(null, facts.Info.Version, Quality.Good, facts.At)),
        new(
            new SensorDefinition
            {
                Key = SensorKey.Parse("bus_symbol_rate"), Label = "Symbols a second on the bus", Category = SensorCategory.Other, Kind = ValueKind.Number, Address = "info",
                Notes = "The bus carries 240 at most; 23 to 115 on average is what owners see.", Source = Own,
            },
            [],
            facts => facts.Info.SymbolRate is { } rate ? Good(rate, facts.At) : Reading.Missing(facts.At, "ebusd does not say")),
        new(
            new SensorDefinition
            {
                Key = SensorKey.Parse("writes_today"), Label = "Values written today", Category = SensorCategory.Other, Kind = ValueKind.Number, Address = "counted by HPManager",
                Notes = "Since midnight UTC. A warning goes to the log from 40 on: owners keep to a few dozen a day, and Vaillant publishes no figure.", Source = Own,
            },
            [],
            facts => Good(facts.WritesToday, facts.At)),
        new(
            new SensorDefinition
            {
                Key = SensorKey.Parse("thermal_power"), Label = "Heat output (gain from the environment and power drawn)", Category = SensorCategory.Power, Kind = ValueKind.Number,
                Unit = Unit.Kilowatt, Signal = Signal.ThermalPower, Address = "CurrentYieldPower + CurrentConsumedPower",
                Notes = "A sum that nobody has confirmed to be the heat output; in steps of 0.1 kW.", Source = Own,
            },
            ["hp_yield_power", "hp_consumed_power"],
            facts => Sum(facts, "hp_yield_power", "hp_consumed_power")),
        new(
            Flag("compressor_running", "Compressor running", SensorCategory.Status, Signal.CompressorRunning, "RunDataCompressorSpeed above 0"),
            ["hp_compressor_speed"],
            facts => Judge(facts, "hp_compressor_speed", speed => speed > 0)),
        new(
            Flag("defrost_active", "Defrosting", SensorCategory.Status, Signal.DefrostActive, "RunDataStatuscode 516"),
            ["hp_status_code"],
            facts => Judge(facts, "hp_status_code", code => code == Deicing)),
        new(
            Flag("fault_active", "Fault present", SensorCategory.Fault, Signal.FaultActive, "Currenterror of the heat pump"),
            ["hp_error"],
            facts => Judge(facts, "hp_error", code => code != 0)),
    ];

    private static SensorDefinition Flag(string key, string label, SensorCategory category, Signal signal, string address) => new()
    {
        Key = SensorKey.Parse(key),
        Label = label,
        Category = category,
        Kind = ValueKind.Switch,
        Signal = signal,
        Codes = new CodeTable([KeyValuePair.Create(0, "no"), KeyValuePair.Create(1, "yes")]),
        Address = address,
        Source = Own,
    };

    private static Reading Sum(PollFacts facts, string one, string other)
    {
        var (first, second) = (facts.Of(one), facts.Of(other));
        if (first is not { Value: { } a } || second is not { Value: { } b }) return Reading.Missing(facts.At, first is { Value: null } ? first.Value.Reason ?? "no value" : second?.Reason ?? "no value");
        var worse = first.Value.IsGood ? second.Value : first.Value;
        return worse with { Value = Math.Round(a + b, 3), Text = null, At = first.Value.At < second.Value.At ? first.Value.At : second.Value.At };
    }

    private static Reading Judge(PollFacts facts, string key, Func<double, bool> judge)
    {
        if (facts.Of(key) is not { Value: { } value } reading) return Reading.Missing(facts.At, facts.Of(key)?.Reason ?? "no value");
        var isSo = judge(value);
        return reading with { Value = isSo ? 1 : 0, Text = isSo ? "yes" : "no" };
    }

    private static Reading Good(double value, DateTimeOffset at) => new(value, null, Quality.Good, at);
}
