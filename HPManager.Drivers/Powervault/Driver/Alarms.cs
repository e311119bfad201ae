using HPManager.Core.Sensors;
using HPManager.Drivers.Powervault.Tables;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>
/// What follows from the inverter's alarms. Which of them mean that something is broken is our reading of their names; the others, such as panels without
/// sun, are states of an ordinary day. A topic that is silent is not "no alarm".
/// </summary>
internal static class Alarms
{
    private static readonly CodeTable OnOff = new([new(0, "off"), new(1, "on")]);

    /// <summary>The sensors, in the order of <see cref="Read"/>.</summary>
    public static IReadOnlyList<SensorDefinition> Sensors { get; } =
    [
        new()
        {
            Key = SensorKey.Parse("alarms_on"),
            Label = "Alarms that are on",
            Category = SensorCategory.Fault,
            Kind = ValueKind.Number,
            Address = "inverter/alarms",
            Notes = "counts all of them, also those of an ordinary day such as panels without sun",
        },
        new()
        {
            Key = SensorKey.Parse("fault_active"),
            Label = "Fault present",
            Category = SensorCategory.Fault,
            Kind = ValueKind.Switch,
            Signal = Signal.FaultActive,
            Codes = OnOff,
            Address = "inverter/alarms",
            Notes = "whether an alarm is on that means that something is broken",
        },
        new()
        {
            Key = SensorKey.Parse("fault_names"),
            Label = "Faults",
            Category = SensorCategory.Fault,
            Kind = ValueKind.Text,
            Signal = Signal.FaultCode,
            Address = "inverter/alarms",
        },
    ];

    /// <summary>The readings that follow from those of the table.</summary>
    public static IEnumerable<Reading> Read(PowervaultTable table, Reading[] told, DateTimeOffset at)
    {
        var flags = Enumerable.Range(0, table.Values.Count)
            .Where(position => table.Values[position].Coding == ValueCoding.Switch && told[position].Value is not null)
            .Select(position => (Value: table.Values[position], Reading: told[position]))
            .ToList();
        if (flags.Count == 0) return Enumerable.Repeat(Reading.Missing(at, "the inverter has not told its alarms yet"), Sensors.Count);
        var oldest = flags.MinBy(flag => flag.Reading.At).Reading;
        var on = flags.Where(flag => flag.Reading.Value == 1).ToList();
        var faults = on.Where(flag => flag.Value.IsFault).Select(flag => flag.Value.Sensor.Label[(flag.Value.Sensor.Label.IndexOf(':') + 2)..]).ToList();
        return
        [
            oldest with { Value = on.Count, Text = null },
            oldest with { Value = faults.Count > 0 ? 1 : 0, Text = OnOff.WordFor(faults.Count > 0 ? 1 : 0) },
            faults.Count > 0 ? oldest with { Value = null, Text = string.Join(" + ", faults) } : Reading.Missing(oldest.At, "no fault is present"),
        ];
    }
}
