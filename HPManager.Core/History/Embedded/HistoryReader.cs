using HPManager.Core.Sensors;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>Reads a range: as it is when it has few enough polls, else in buckets. What it keeps in memory is bounded by points × sensors.</summary>
internal static class HistoryReader
{
    private const int CancellationEvery = 4096;

    public static HistoryTable Read(SqliteConnection connection, HistoryQuery query, CancellationToken cancellationToken)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        var from = query.From.ToUnixTimeMilliseconds();
        var to = query.To.ToUnixTimeMilliseconds();
        var series = query.Sensors.Select(sensor => SeriesOf(connection, query, sensor)).ToList();
        return ReadTimes(connection, query, from, to) is { } times
            ? ReadRaw(connection, times, series, from, to, cancellationToken)
            : ReadBuckets(connection, query, series, from, to, cancellationToken);
    }

    private static HistoryTable ReadRaw(
        SqliteConnection connection, List<long> times, List<long?> series, long from, long to, CancellationToken cancellationToken)
    {
        var columns = new List<HistoryColumn>(series.Count);
        foreach (var id in series)
        {
            var column = new double?[times.Count];
            var row = 0;
            if (id is { } known)
            {
                foreach (var (at, value) in ReadPoints(connection, known, from, to, cancellationToken))
                {
                    while (row < times.Count && times[row] < at) row++;
                    if (row < times.Count && times[row] == at) column[row] = value;
                }
            }

            columns.Add(HistoryColumn.OfPolls(column));
        }

        return new HistoryTable([.. times.Select(DateTimeOffset.FromUnixTimeMilliseconds)], columns, TimeSpan.Zero);
    }

    private static HistoryTable ReadBuckets(
        SqliteConnection connection, HistoryQuery query, List<long?> series, long from, long to, CancellationToken cancellationToken)
    {
        var buckets = HistoryBuckets.Of(query.From, query.To, query.Points);
        var columns = series.ConvertAll(id => id is { } known
            ? Thin(ReadPoints(connection, known, from, to, cancellationToken), buckets)
            : HistoryColumn.OfGaps(buckets.Count));
        return new HistoryTable(buckets.Times(), columns, TimeSpan.FromMilliseconds(buckets.Width));
    }

    private static HistoryColumn Thin(IEnumerable<(long At, double Value)> points, HistoryBuckets buckets)
    {
        var (min, mean, max, last) = (new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count]);
        var count = new int[buckets.Count];
        foreach (var (at, value) in points)
        {
            var own = buckets.IndexOf(at);
            count[own]++;
            min[own] = min[own] < value ? min[own] : value;
            max[own] = max[own] > value ? max[own] : value;
            mean[own] = (mean[own] ?? 0) + value;
            last[own] = value;
        }

        for (var bucket = 0; bucket < count.Length; bucket++) mean[bucket] /= count[bucket];
        return new HistoryColumn(min, mean, max, last, count);
    }

    private static long? SeriesOf(SqliteConnection connection, HistoryQuery query, SensorKey sensor)
    {
        using var command = Command(connection, "SELECT id FROM series WHERE heatpump_id = $0 AND sensor = $1", query.HeatPumpId.Value, sensor.Value);
        return (long?)command.ExecuteScalar();
    }

    // The rows of an answer that need not be thinned; null when there are more than asked for, which is found out without reading on.
    private static List<long>? ReadTimes(SqliteConnection connection, HistoryQuery query, long from, long to)
    {
        using var command = Command(
            connection,
            "SELECT at FROM polls WHERE heatpump_id = $0 AND at >= $1 AND at < $2 ORDER BY at LIMIT $3",
            query.HeatPumpId.Value,
            from,
            to,
            query.Points + 1);
        using var reader = command.ExecuteReader();
        var polls = new List<long>();
        while (reader.Read()) polls.Add(reader.GetInt64(0));
        if (polls.Count > query.Points) return null;
        var times = HistoryRows.WithGaps(polls);
        return times.Count <= query.Points ? times : null;
    }

    private static IEnumerable<(long At, double Value)> ReadPoints(
        SqliteConnection connection, long series, long from, long to, CancellationToken cancellationToken)
    {
        using var command = Command(
            connection, "SELECT at, value FROM points WHERE series_id = $0 AND at >= $1 AND at < $2 AND implausible = 0 ORDER BY at", series, from, to);
        using var reader = command.ExecuteReader();
        for (var count = 1; reader.Read(); count++)
        {
            if (count % CancellationEvery == 0) cancellationToken.ThrowIfCancellationRequested();
            yield return (reader.GetInt64(0), reader.GetDouble(1));
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++) command.Parameters.AddWithValue("$" + index, values[index]);
        return command;
    }
}
