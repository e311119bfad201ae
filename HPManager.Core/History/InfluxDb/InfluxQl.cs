using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.InfluxDb;

/// <summary>Questions in InfluxQL, which all versions understand.</summary>
internal static class InfluxQl
{
    private static readonly string[] Aggregates = ["min", "mean", "max", "last", "count"];

    /// <summary>A name as it stands in a statement.</summary>
    public static string Name(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>The moments of polls.</summary>
    public static string Polls(HeatPumpId heatPump, EngineRange range, int most) =>
        Invariant($"SELECT {Field(PollMarks.Field)} FROM {Name(PollMarks.Measurement)} WHERE {Where(heatPump, range)} LIMIT {most}");

    /// <summary>Values of sensors: a column each, or with <see cref="LineLayout.Registers"/> a series each.</summary>
    public static string Points(LineLayout layout, HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, int most) => layout == LineLayout.Metrics
        ? Invariant($"SELECT {string.Join(',', sensors.Select(sensor => Field(sensor.Value)))} FROM {Name(LineNames.Metrics)} WHERE {Where(heatPump, range)} LIMIT {most}")
        : Invariant($"SELECT {Field(LineNames.Value)} FROM {Name(LineNames.Registers)} WHERE {Where(heatPump, range)}{AmongOf(sensors)} GROUP BY {Name(LineNames.Register)} LIMIT {most}");

    /// <summary>Minimum, mean, maximum, last and count of sensors in buckets: five columns each, or with <see cref="LineLayout.Registers"/> a series each.</summary>
    public static string Buckets(LineLayout layout, HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, long width)
    {
        // Buckets of whole multiples since the epoch are InfluxDB's own, too.
        var group = Invariant($"GROUP BY time({width}ms)");
        return layout == LineLayout.Metrics
            ? $"SELECT {string.Join(',', sensors.Select(sensor => Aggregated(sensor.Value)))} FROM {Name(LineNames.Metrics)} WHERE {Where(heatPump, range)} {group} fill(none)"
            : $"SELECT {Aggregated(LineNames.Value)} FROM {Name(LineNames.Registers)} WHERE {Where(heatPump, range)}{AmongOf(sensors)} {group},{Name(LineNames.Register)} fill(none)";
    }

    // A tag may have the name of a sensor, and somebody else's field may hold texts, of which there is no minimum.
    private static string Field(string name) => Name(name) + "::float";

    private static string Aggregated(string field) => string.Join(',', Aggregates.Select(aggregate => $"{aggregate}({Field(field)})"));

    private static string Where(HeatPumpId heatPump, EngineRange range) =>
        Invariant($"{Name(LineNames.HeatPump)} = '{heatPump.Value}' AND time >= {range.From}ms AND time < {range.To}ms");

    private static string AmongOf(IReadOnlyList<SensorKey> sensors)
    {
        var text = new StringBuilder(" AND (");
        text.AppendJoin(" OR ", sensors.Select(sensor => $"{Name(LineNames.Register)} = '{sensor.Value}'"));
        return text.Append(')').ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
