using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using Npgsql;

namespace HPManager.Core.History.PostgreSql;

/// <summary>Reads the tables with one connection. One at a time.</summary>
internal sealed class PostgreSqlReader(NpgsqlConnection connection, PostgreSqlTables tables) : IEngineReader
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    public async Task<IReadOnlyCollection<long>?> PollsAsync(HeatPumpId heatPump, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var moments = await connection.RowsAsync(
            $"""
            SELECT time FROM {tables.Schema}.polls WHERE heat_pump = (SELECT id FROM {tables.Schema}.heat_pumps WHERE key = $1) AND time >= $2 AND time < $3
            ORDER BY time LIMIT $4
            """,
            [heatPump.Value, At(range.From), At(range.To), most + 1],
            row => MomentOf(row, 0),
            cancellationToken);
        return moments.Count > most ? null : moments;
    }

    public async Task<EnginePoints?> PointsAsync(
        HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, int most, CancellationToken cancellationToken)
    {
        var points = new EnginePoints(sensors.Count);
        foreach (var (position, number) in await NumbersAsync(heatPump, sensors, cancellationToken))
        {
            var rows = await connection.RowsAsync(
                $"SELECT time, value FROM {tables.Schema}.readings WHERE sensor = $1 AND time >= $2 AND time < $3 ORDER BY time LIMIT $4",
                [number, At(range.From), At(range.To), most + 1],
                row => (At: MomentOf(row, 0), Value: row.GetDouble(1)),
                cancellationToken);
            if (rows.Count > most) return null;
            foreach (var (at, value) in rows) points.Add(position, at, value);
        }

        return points;
    }

    public async Task FillAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, EngineBuckets buckets, CancellationToken cancellationToken)
    {
        foreach (var (position, number) in await NumbersAsync(heatPump, sensors, cancellationToken))
        {
            // date_bin cuts with whole numbers. The last value is looked up by its moment, which the key finds at once.
            var rows = await connection.RowsAsync(
                $"""
                SELECT b.bucket, b.least, b.mean, b.most, l.value, b.many FROM (
                  SELECT date_bin($4, time, $5) AS bucket, min(value) AS least, avg(value) AS mean, max(value) AS most, count(*) AS many, max(time) AS latest
                  FROM {tables.Schema}.readings WHERE sensor = $1 AND time >= $2 AND time < $3 GROUP BY 1) b
                JOIN {tables.Schema}.readings l ON l.sensor = $1 AND l.time = b.latest AND l.time >= $2 AND l.time < $3
                """,
                [number, At(range.From), At(range.To), TimeSpan.FromMilliseconds(buckets.Buckets.Width), Epoch],
                row => (At: MomentOf(row, 0), Part: new BucketPart(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), 0, (int)row.GetInt64(5))),
                cancellationToken);
            foreach (var (at, part) in rows) buckets.Add(position, at, part);
        }
    }

    private async Task<List<(int Position, int Number)>> NumbersAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, CancellationToken cancellationToken)
    {
        var keys = sensors.Select(sensor => sensor.Value).ToArray();
        return await connection.RowsAsync(
            $"SELECT key, id FROM {tables.Schema}.sensors WHERE heat_pump = (SELECT id FROM {tables.Schema}.heat_pumps WHERE key = $1) AND key = ANY($2)",
            [heatPump.Value, keys],
            row => (Array.IndexOf(keys, row.GetString(0)), row.GetInt32(1)),
            cancellationToken);
    }

    private static DateTime At(long moment) => DateTimeOffset.FromUnixTimeMilliseconds(moment).UtcDateTime;

    private static long MomentOf(NpgsqlDataReader row, int column) => new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero).ToUnixTimeMilliseconds();
}
