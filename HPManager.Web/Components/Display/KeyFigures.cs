using System.Globalization;
using HPManager.Core.Live;
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

    private static readonly SensorDefinition CopSensor = new()
    {
        Key = SensorKey.Parse("cop_now"),
        Label = "COP now",
        Category = SensorCategory.Power,
        Kind = ValueKind.Text,
    };

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
    public static (string Label, SensorDefinition Sensor)? Trend(SensorSet sensors)
    {
        foreach (var (signal, label) in TrendLabels)
        {
            if (sensors.PositionOf(signal) is >= 0 and var position) return (label, sensors[position]);
        }

        return null;
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
