using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Benchmarks.Store.Data;

/// <summary>Polls of one heat pump on a regular grid, in memory: a row a poll, not a number where a sensor told none. Immutable.</summary>
internal sealed class Recording(HeatPumpId heatPump, SensorSet sensors, DateTimeOffset from, TimeSpan every, ReadOnlyMemory<double> values)
{
    public HeatPumpId HeatPump => heatPump;

    public SensorSet Sensors => sensors;

    public DateTimeOffset From => from;

    public DateTimeOffset To => from + (every * Polls);

    public TimeSpan Every => every;

    public ReadOnlyMemory<double> Values => values;

    public int Polls => values.Length / sensors.Count;

    /// <summary>Readings with a value.</summary>
    public long Points
    {
        get
        {
            var points = 0L;
            foreach (var value in values.Span) points += double.IsNaN(value) ? 0 : 1;
            return points;
        }
    }

    public ReadOnlySpan<double> Row(int poll) => values.Span.Slice(poll * sensors.Count, sensors.Count);

    public DateTimeOffset TimeOf(int poll) => from + (every * poll);

    /// <summary>A poll as the product's loops would give it to the writer.</summary>
    public Snapshot SnapshotOf(int poll)
    {
        var at = TimeOf(poll);
        var row = Row(poll);
        var readings = new Reading[row.Length];
        for (var position = 0; position < row.Length; position++)
            readings[position] = double.IsNaN(row[position]) ? Reading.Missing(at, "") : new Reading(row[position], null, Quality.Good, at);
        return new Snapshot(heatPump, at, sensors, readings);
    }

    /// <summary>The first polls only.</summary>
    public Recording Take(int polls) => new(heatPump, sensors, from, every, values[..(Math.Min(polls, Polls) * sensors.Count)]);

    /// <summary>The same values told by another heat pump, and by other sensors.</summary>
    public Recording ToldBy(HeatPumpId other, SensorSet? others = null) => new(other, others ?? sensors, from, every, values);

    /// <summary>The positions of the sensors that change most often, the liveliest first.</summary>
    public int[] Liveliest(int count)
    {
        var changes = new int[sensors.Count];
        for (var poll = 1; poll < Polls; poll++)
        {
            var row = Row(poll);
            var before = Row(poll - 1);
            for (var position = 0; position < row.Length; position++) changes[position] += row[position].Equals(before[position]) ? 0 : 1;
        }

        return [.. Enumerable.Range(0, sensors.Count).OrderByDescending(position => changes[position]).ThenBy(position => position).Take(count)];
    }

    /// <summary>The share of readings that differ from those of the poll before.</summary>
    public double ChangedShare()
    {
        var changed = 0L;
        for (var poll = 1; poll < Polls; poll++)
        {
            var row = Row(poll);
            var before = Row(poll - 1);
            for (var position = 0; position < row.Length; position++) changed += row[position].Equals(before[position]) ? 0 : 1;
        }

        return (double)changed / Math.Max(1, values.Length - sensors.Count);
    }

    /// <summary>A set of plain numbers with these keys.</summary>
    public static SensorSet SensorsNamed(IEnumerable<string> keys) => new(
        [.. keys.Select(key => new SensorDefinition { Key = SensorKey.Parse(key), Label = key, Category = SensorCategory.Temperature, Kind = ValueKind.Number })]);
}
