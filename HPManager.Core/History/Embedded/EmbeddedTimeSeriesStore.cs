using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// History in a SQLite file beside the configuration. Implausible readings are kept, marked, and left out of answers: a chart shows them as a gap rather
/// than as true. Stale readings are kept as gaps: their value was kept when it was new. SQLite works synchronously, so each call runs on the pool.
/// </summary>
internal sealed class EmbeddedTimeSeriesStore(IOptions<StorageOptions> options) : ITimeSeriesStore, IHostedService, IPreparedStorage, IDisposable
{
    private readonly HistoryDatabase _database = new(options.Value.HistoryFile);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Dictionary<(HeatPumpId HeatPump, SensorKey Sensor), long> _series = [];
    private SqliteConnection? _writer;

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        _database.Prepare();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) =>
        WriteAsync(connection => Append(connection, snapshots), cancellationToken);

    public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) =>
        WriteAsync(connection => Delete(connection, heatPump), cancellationToken);

    public async ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = _database.OpenForReading();
                    return HistoryReader.Read(connection, query, cancellationToken);
                },
                cancellationToken);
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The history cannot be read: {fault.Message}", fault);
        }
    }

    public async IAsyncEnumerable<HistoryBlock> ReadAsync(
        HeatPumpId heatPump,
        IReadOnlyList<SensorKey>? sensors,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var connection = _database.OpenForReading();
        var keys = sensors ?? Rows(connection, "SELECT sensor FROM series WHERE heatpump_id = $0", row => SensorKey.Parse(row.GetString(0)), heatPump.Value);
        var (start, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var times = Rows(
                connection,
                $"SELECT at FROM polls WHERE heatpump_id = $0 AND at >= $1 AND at < $2 ORDER BY at LIMIT {HistoryBlock.MostPolls}",
                row => row.GetInt64(0),
                heatPump.Value,
                start,
                end);
            if (times.Count == 0) yield break;
            start = times[^1] + 1;
            var series = keys.Select(key => new HistorySeries(key, ReadSeries(connection, heatPump, key, times))).ToList();
            yield return new HistoryBlock(heatPump, times.ConvertAll(DateTimeOffset.FromUnixTimeMilliseconds), series);
        }
    }

    public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken)
    {
        using var connection = _database.OpenForReading();
        var extent = Rows(
            connection,
            "SELECT min(at), max(at), count(*) FROM polls WHERE heatpump_id = $0",
            row => row.IsDBNull(0)
                ? null
                : new HistoryExtent(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2)),
            heatPump.Value);
        return ValueTask.FromResult(extent[0]);
    }

    private static StoredReading[] ReadSeries(SqliteConnection connection, HeatPumpId heatPump, SensorKey key, List<long> times)
    {
        var known = Rows(
            connection,
            "SELECT at, value, implausible FROM points WHERE series_id = (SELECT id FROM series WHERE heatpump_id = $0 AND sensor = $1) AND at BETWEEN $2 AND $3",
            row => (row.GetInt64(0), new StoredReading(row.GetDouble(1), null, row.GetBoolean(2) ? Quality.Implausible : Quality.Good)),
            heatPump.Value,
            key.Value,
            times[0],
            times[^1]).ToDictionary(row => row.Item1, row => row.Item2);
        return [.. times.Select(at => known.GetValueOrDefault(at))];
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object> values)
    {
        using var command = Prepare(connection, sql, values.Length);
        for (var index = 0; index < values.Length; index++) command.Parameters[index].Value = values[index];
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    public void Dispose()
    {
        _database.CloseReaders();
        _writer?.Dispose();
        _writing.Dispose();
    }

    private async ValueTask WriteAsync(Action<SqliteConnection> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        var isCommitted = false;
        try
        {
            await Task.Run(() => InTransaction(write), cancellationToken);
            isCommitted = true;
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The history cannot be written: {fault.Message}", fault);
        }
        finally
        {
            if (!isCommitted) BeginAnew();
            _writing.Release();
        }
    }

    // The connection may be what is broken. Numbers of series made in a transaction that failed, whatever the reason, do not exist: the next series
    // made would get the same number, and the values of both would lie under it.
    private void BeginAnew()
    {
        _writer?.Dispose();
        _writer = null;
        _series.Clear();
    }

    private void InTransaction(Action<SqliteConnection> write)
    {
        _writer ??= _database.OpenForWriting();
        using var transaction = _writer.BeginTransaction();
        write(_writer);
        transaction.Commit();
    }

    private void Append(SqliteConnection connection, IReadOnlyList<Snapshot> snapshots)
    {
        using var poll = Prepare(connection, "INSERT OR IGNORE INTO polls (heatpump_id, at) VALUES ($0, $1)", 2);
        using var clear = Prepare(connection, "DELETE FROM points WHERE series_id = $0 AND at = $1", 2);
        using var point = Prepare(connection, "INSERT OR REPLACE INTO points (series_id, at, value, implausible) VALUES ($0, $1, $2, $3)", 4);
        foreach (var snapshot in snapshots)
        {
            var at = snapshot.At.ToUnixTimeMilliseconds();
            var isNew = Execute(poll, snapshot.HeatPumpId.Value, at) == 1;
            for (var position = 0; position < snapshot.Sensors.Count; position++)
            {
                var reading = snapshot.Readings[position];
                var key = snapshot.Sensors[position].Key;
                if (reading is { Value: { } value, Quality: Quality.Good or Quality.Implausible } && double.IsFinite(value))
                    Execute(point, SeriesOf(connection, snapshot.HeatPumpId, key), at, value, reading.Quality == Quality.Implausible ? 1 : 0);
                else if (!isNew) Execute(clear, SeriesOf(connection, snapshot.HeatPumpId, key), at);
            }
        }
    }

    private long SeriesOf(SqliteConnection connection, HeatPumpId heatPump, SensorKey sensor)
    {
        if (_series.TryGetValue((heatPump, sensor), out var known)) return known;
        using var insert = Prepare(connection, "INSERT OR IGNORE INTO series (heatpump_id, sensor) VALUES ($0, $1)", 2);
        Execute(insert, heatPump.Value, sensor.Value);
        using var select = Prepare(connection, "SELECT id FROM series WHERE heatpump_id = $0 AND sensor = $1", 2);
        select.Parameters[0].Value = heatPump.Value;
        select.Parameters[1].Value = sensor.Value;
        return _series[(heatPump, sensor)] = (long)select.ExecuteScalar()!;
    }

    private void Delete(SqliteConnection connection, HeatPumpId heatPump)
    {
        foreach (var sql in (string[])
        [
            "DELETE FROM points WHERE series_id IN (SELECT id FROM series WHERE heatpump_id = $0)",
            "DELETE FROM series WHERE heatpump_id = $0",
            "DELETE FROM polls WHERE heatpump_id = $0",
        ])
        {
            using var command = Prepare(connection, sql, 1);
            Execute(command, heatPump.Value);
        }

        foreach (var key in _series.Keys.Where(key => key.HeatPump == heatPump).ToList()) _series.Remove(key);
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < parameters; index++) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + index });
        return command;
    }

    private static int Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++) command.Parameters[index].Value = values[index];
        return command.ExecuteNonQuery();
    }
}
