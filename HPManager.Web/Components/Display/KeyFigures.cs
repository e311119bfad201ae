using System.Globalization;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Display;

/// <summary>One of the few numbers that explain a heat pump's state.</summary>
/// <param name="Label">What a person calls it.</param>
/// <param name="Sensor">What the reading is of.</param>
/// <param name="Reading">The reading.</param>
public sealed record KeyFigure(string Label, SensorDefinition Sensor, Reading Reading);

/// <summary>Finds the key figures by signal, so that they are the same for every make.</summary>
public static class KeyFigures
{
    private static readonly (Signal Signal, string Label)[] TemperatureLabels =
    [
        (Signal.OutdoorTemperature, "Outdoor"),
        (Signal.FlowTemperature, "Flow"),
        (Signal.ReturnTemperature, "Return"),
        (Signal.HotWaterTemperature, "Hot water"),
        (Signal.RoomTemperature, "Room"),
    ];

    private static readonly (Signal Signal, string Label)[] PowerLabels =
    [
        (Signal.ElectricPower, "Power"),
        (Signal.ThermalPower, "Heat"),
    ];

    private static readonly (Signal Signal, string Label)[] TrendLabels =
    [
        (Signal.ElectricPower, "Power"),
        (Signal.ThermalPower, "Heat"),
        (Signal.CompressorSpeed, "Compressor"),
        (Signal.FlowTemperature, "Flow temperature"),
    ];

    private static readonly (Signal Signal, string Label)[] BatteryTrendLabels = [(Signal.StateOfCharge, "Charge"), (Signal.ChargePower, "Battery power")];

    private static readonly (Signal Signal, string Label)[] BatteryHealthLabels = [(Signal.StateOfHealth, "Health"), (Signal.OperatingMode, "Mode")];

    private static readonly SensorDefinition CopSensor = new()
    {
        Key = SensorKey.Parse("cop_now"),
        Label = "COP now",
        Category = SensorCategory.Power,
        Kind = ValueKind.Text,
    };

    /// <summary>The large numbers: a heat pump's temperatures, a battery's charge and where power flows.</summary>
    public static IReadOnlyList<KeyFigure> Large(DeviceKind kind, Snapshot snapshot) => kind == DeviceKind.Battery ? Flows(snapshot) : Temperatures(snapshot);

    /// <summary>The smaller ones: a heat pump's powers, a battery's health and mode.</summary>
    public static IReadOnlyList<KeyFigure> Small(DeviceKind kind, Snapshot snapshot) =>
        kind == DeviceKind.Battery ? [.. Find(snapshot, BatteryHealthLabels)] : Powers(snapshot);

    /// <summary>Temperatures the heat pump has.</summary>
    public static IReadOnlyList<KeyFigure> Temperatures(Snapshot snapshot) => [.. Find(snapshot, TemperatureLabels)];

    /// <summary>Electric power, heat output, and what comes of them; without a COP where only one of them is told.</summary>
    public static IReadOnlyList<KeyFigure> Powers(Snapshot snapshot)
    {
        var powers = Find(snapshot, PowerLabels).ToList();
        if (powers.Count < PowerLabels.Length) return powers;
        var cop = Activity.Of(snapshot).Cop is { } value
            ? new Reading(value, value.ToString("0.0", CultureInfo.CurrentCulture), Quality.Good, snapshot.At)
            : Reading.Missing(snapshot.At, "only told while it runs and does not defrost");
        return [.. powers, new KeyFigure("COP now", CopSensor, cop)];
    }

    /// <summary>The sensor whose course says most about a heat pump, and what a person calls it; null when it has none that is worth a line.</summary>
    public static (string Label, SensorDefinition Sensor)? Trend(DeviceKind kind, SensorSet sensors)
    {
        foreach (var (signal, label) in kind == DeviceKind.Battery ? BatteryTrendLabels : TrendLabels)
        {
            if (sensors.PositionOf(signal) is >= 0 and var position) return (label, sensors[position]);
        }

        return null;
    }

    // The label says which way power flows, so that no sign has to be known.
    private static List<KeyFigure> Flows(Snapshot snapshot)
    {
        var figures = Find(snapshot, [(Signal.StateOfCharge, "Charge")]).ToList();
        foreach (var (signal, into, outOf) in new[] { (Signal.ChargePower, "Charging", "Delivering"), (Signal.GridPower, "From the grid", "Into the grid") })
        {
            figures.AddRange(Find(snapshot, [(signal, into)]).Select(figure => figure.Reading.Value < 0
                ? figure with { Label = outOf, Reading = figure.Reading with { Value = -figure.Reading.Value } }
                : figure));
        }

        figures.AddRange(Find(snapshot, [(Signal.HousePower, "House")]));
        return figures;
    }

    private static IEnumerable<KeyFigure> Find(Snapshot snapshot, IEnumerable<(Signal Signal, string Label)> labels)
    {
        foreach (var (signal, label) in labels)
        {
            var positions = Enumerable.Range(0, snapshot.Sensors.Count).Where(position => snapshot.Sensors[position].Signal == signal).ToList();
            if (positions.Count == 0) continue;
            // Of several circuits the first that tells something.
            var told = positions.FindIndex(position => snapshot.Readings[position].IsGood);
            var chosen = positions[Math.Max(told, 0)];
            yield return new KeyFigure(label, snapshot.Sensors[chosen], snapshot.Readings[chosen]);
        }
    }
}
