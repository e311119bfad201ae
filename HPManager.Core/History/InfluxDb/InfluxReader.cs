using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.InfluxDb;

/// <summary>
/// Reads through InfluxQL, by the heat pump's id alone: when its name or place changes, its series change, and no grouping lays them together again.
/// </summary>
internal sealed class InfluxReader(InfluxServer server, LineLayout layout) : IEngineReader
{
    // About so many values are asked for at once, so that an answer stays within a few megabytes.
    private const int MostCells = 500_000;
    private const int Aggregates = 5;

    public async Task<IReadOnlyCollection<long>?> PollsAsync(HeatPumpId heatPump, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var result = (await server.QueryAsync(InfluxQl.Polls(heatPump, range, most + 1), cancellationToken)).Single();
        var moments = result.Series.SelectMany(series => series.Rows).Select(row => row.At).ToList();
        return moments.Count > most ? null : moments;
    }

    public async Task<EnginePoints?> PointsAsync(
        HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var points = new EnginePoints(sensors.Count);
        var first = 0;
        foreach (var part in sensors.Chunk(Math.Max(1, MostCells / most)))
        {
            var result = (await server.QueryAsync(InfluxQl.Points(layout, heatPump, part, range, most + 1), cancellationToken)).Single();
            foreach (var series in result.Series)
            {
                if (series.Rows.Count > most) return null;
                foreach (var (own, column) in ColumnsOf(series, part, 1))
                {
                    foreach (var row in series.Rows)
                    {
                        if (row.Values[column] is { } value) points.Add(first + own, row.At, value);
                    }
                }
            }

            first += part.Length;
        }

        return points;
    }

    public async Task FillAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, EngineBuckets buckets, CancellationToken cancellationToken)
    {
        var first = 0;
        foreach (var part in sensors.Chunk(Math.Max(1, MostCells / Aggregates / buckets.Buckets.Count)))
        {
            var statement = InfluxQl.Buckets(layout, heatPump, part, range, buckets.Buckets.Width);
            var result = (await server.QueryAsync(statement, cancellationToken)).Single();
            foreach (var series in result.Series)
            {
                foreach (var (own, column) in ColumnsOf(series, part, Aggregates))
                {
                    foreach (var row in series.Rows)
                    {
                        if (PartOf(row.Values.AsSpan(column, Aggregates)) is { } bucket) buckets.Add(first + own, row.At, bucket);
                    }
                }
            }

            first += part.Length;
        }
    }

    // Which sensors a series has, and in which column each begins.
    private IEnumerable<(int Sensor, int Column)> ColumnsOf(InfluxSeries series, SensorKey[] sensors, int width)
    {
        if (layout == LineLayout.Metrics) return sensors.Select((_, index) => (index, index * width));
        var register = series.Tags.GetValueOrDefault(LineNames.Register);
        var own = Array.FindIndex(sensors, sensor => sensor.Value == register);
        return own < 0 ? [] : [(own, 0)];
    }

    private static BucketPart? PartOf(ReadOnlySpan<double?> row) => row is [{ } min, { } mean, { } max, { } last, { } count]
        ? new BucketPart(min, mean, max, last, 0, (int)count)
        : null;
}
