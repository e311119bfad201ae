using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>
/// Makes polls of readings: those of different sensors at nearly the same moment belong in one snapshot, because the store keeps the sensors of a heat pump under common times.
/// </summary>
internal sealed class PollForming(HeatPumpId heatPump, TimeSpan together)
{
    private readonly Dictionary<string, SensorSet> _sets = [];
    private SensorSet _newest = SensorSet.Empty;

    /// <summary>Snapshots in ascending time; a later reading of the same sensor at the same moment holds.</summary>
    public List<Snapshot> Form(IReadOnlyList<(SensorDefinition Sensor, Reading Reading)> readings)
    {
        var snapshots = new List<Snapshot>();
        var poll = new Dictionary<SensorKey, (SensorDefinition Sensor, Reading Reading)>();
        var begin = DateTimeOffset.MinValue;
        foreach (var (sensor, reading) in readings.OrderBy(pair => pair.Reading.At))
        {
            var isSameMoment = reading.At == begin;
            if (poll.Count > 0 && !isSameMoment && (reading.At - begin > together || poll.ContainsKey(sensor.Key))) Close();
            if (poll.Count == 0) begin = reading.At;
            poll[sensor.Key] = (sensor, reading with { At = begin });
        }

        if (poll.Count > 0) Close();
        return snapshots;

        void Close()
        {
            var ordered = poll.Values.OrderBy(pair => pair.Sensor.Key.Value, StringComparer.Ordinal).ToList();
            snapshots.Add(new Snapshot(heatPump, begin, SetOf(ordered), [.. ordered.Select(pair => pair.Reading)]));
            poll.Clear();
        }
    }

    private SensorSet SetOf(List<(SensorDefinition Sensor, Reading Reading)> ordered)
    {
        // Mostly the sensors of the poll before.
        if (_newest.Count == ordered.Count && !ordered.Where((pair, position) => pair.Sensor.Key != _newest[position].Key).Any()) return _newest;
        var name = string.Join(' ', ordered.Select(pair => pair.Sensor.Key.Value));
        if (!_sets.TryGetValue(name, out var set)) _sets[name] = set = new SensorSet([.. ordered.Select(pair => pair.Sensor)]);
        return _newest = set;
    }
}
