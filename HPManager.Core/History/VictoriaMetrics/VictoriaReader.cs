using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>Reads by PromQL, and single samples by export. What an answer would have is counted before it is asked for.</summary>
internal sealed class VictoriaReader(VictoriaServer server, MetricNames names) : IEngineReader
{
    private const int MostCells = 500_000;
    private const int Rollups = 6;

    public async Task<IReadOnlyCollection<long>?> PollsAsync(HeatPumpId heatPump, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var selector = names.SelectMarks(heatPump);
        if (await CountAsync(selector, range, _ => "", cancellationToken) > most) return null;
        var moments = new HashSet<long>();
        await server.ExportAsync(
            selector,
            range,
            (_, times, _) =>
            {
                foreach (var moment in times.EnumerateArray()) moments.Add(moment.GetInt64());
            },
            cancellationToken);
        return moments;
    }

    public async Task<EnginePoints?> PointsAsync(
        HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var points = new EnginePoints(sensors.Count);
        var positions = PositionsOf(sensors);
        foreach (var part in sensors.Chunk(Math.Max(1, MostCells / most)))
        {
            var selector = names.Select(heatPump, part);
            if (await CountAsync(selector, range, names.SensorOf, cancellationToken) > most) return null;
            await server.ExportAsync(selector, range, (labels, times, values) => Read(labels, times, values, positions, points), cancellationToken);
        }

        return points;
    }

    public async Task FillAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, EngineBuckets buckets, CancellationToken cancellationToken)
    {
        var positions = PositionsOf(sensors);
        var windows = Windows(range, buckets.Buckets).ToList();
        foreach (var part in sensors.Chunk(Math.Max(1, MostCells / Rollups / buckets.Buckets.Count)))
        {
            var selector = names.Select(heatPump, part);
            foreach (var (first, width, count) in windows)
            {
                await server.RollUpAsync(
                    selector,
                    first,
                    width,
                    count,
                    (labels, moment, bucket) =>
                    {
                        if (PositionOf(labels, positions) is { } sensor) buckets.Add(sensor, moment, bucket);
                    },
                    cancellationToken);
            }
        }
    }

    // The range may begin and end within a bucket: those two are asked for on their own, with windows as long as their part of the range.
    private static IEnumerable<(long First, long Width, int Count)> Windows(EngineRange range, HistoryBuckets buckets)
    {
        var (first, last) = (buckets.IndexOf(range.From), buckets.IndexOf(range.To - 1));
        var start = range.From;
        if (start > buckets.StartOf((int)first))
        {
            var end = Math.Min(buckets.StartOf((int)first + 1), range.To);
            yield return (start, end - start, 1);
            start = end;
        }

        var whole = (range.To - start) / buckets.Width;
        if (whole > 0) yield return (start, buckets.Width, (int)whole);
        start += whole * buckets.Width;
        if (start < range.To && last >= first) yield return (start, range.To - start, 1);
    }

    private async Task<long> CountAsync(string selector, EngineRange range, Func<JsonElement, string?> keyOf, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>();
        await server.RollUpAsync(
            selector,
            range.From,
            range.To - range.From,
            1,
            (labels, _, part) =>
            {
                if (keyOf(labels) is { } key) counts[key] = counts.GetValueOrDefault(key) + part.Count;
            },
            cancellationToken);
        return counts.Values.DefaultIfEmpty().Max();
    }

    private void Read(JsonElement labels, JsonElement times, JsonElement values, Dictionary<string, int> positions, EnginePoints points)
    {
        if (PositionOf(labels, positions) is not { } sensor) return;
        foreach (var (time, value) in times.EnumerateArray().Zip(values.EnumerateArray()))
        {
            if (value.ValueKind == JsonValueKind.Number) points.Add(sensor, time.GetInt64(), value.GetDouble());
        }
    }

    private int? PositionOf(JsonElement labels, Dictionary<string, int> positions) =>
        names.SensorOf(labels) is { } key && positions.TryGetValue(key, out var position) ? position : null;

    private static Dictionary<string, int> PositionsOf(IReadOnlyList<SensorKey> sensors) =>
        sensors.Select((sensor, index) => (sensor.Value, index)).ToDictionary(pair => pair.Value, pair => pair.index);
}
