using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// History in a SQLite file beside the configuration: polls are durable in a head when they are taken, and are sealed into compressed segments by the hundred. Only good values take
/// part in answers; implausible ones are kept, marked. Stale readings are kept as gaps: their value was kept when it was new. SQLite works synchronously, so each call runs on the pool.
/// </summary>
internal sealed class EmbeddedTimeSeriesStore : ITimeSeriesStore, IHistoryFile, IOutbox, IHostedService, IPreparedStorage, IDisposable
{
    private readonly HistoryDatabase _database;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SeriesNames _names = new();
    private readonly Head _head = new();
    private readonly DamageList _damage;
    private readonly TimeProvider _time;
    private readonly ILogger<EmbeddedTimeSeriesStore> _logger;
    private HistoryWriterConnection? _writer;
    private SqliteConnection? _held;

    public EmbeddedTimeSeriesStore(IOptions<StorageOptions> options, TimeProvider time, ILogger<EmbeddedTimeSeriesStore> logger)
    {
        _time = time;
        _database = new HistoryDatabase(options.Value.HistoryFile, time);
        _logger = logger;
        _damage = new DamageList(logger);
    }

    /// <summary>What is known to be damaged.</summary>
    public IReadOnlyList<HistoryDamage> Damage => _damage.All;

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null) return;
        var repaired = _database.Prepare();
        try
        {
            await WriteAsync(
                writer =>
                {
                    if (repaired is not null) writer.NoteRepair(_time.GetUtcNow(), repaired);
                },
                cancellationToken);
        }
        catch (IOException fault) when (fault.InnerException is SqliteException { SqliteErrorCode: SqliteDamage.Corrupt or SqliteDamage.NotADatabase })
        {
            // Damage that only reading the head has met; it is mended now.
            await WriteAsync(static _ => { }, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) =>
        snapshots.Count == 0 ? ValueTask.CompletedTask : WriteAsync(writer => writer.Append(snapshots), cancellationToken);

    public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) =>
        WriteAsync(writer => writer.Delete(heatPump), cancellationToken);

    /// <summary>Lets readings of a heat pump go that are older or more than is to be kept; the aggregates of their hours stay.</summary>
    /// <returns>How many polls.</returns>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    public async ValueTask<long> KeepAsync(HeatPumpId heatPump, HistoryKeeping keeping, CancellationToken cancellationToken)
    {
        var gone = 0L;
        await WriteAsync(writer => gone = writer.Keep(heatPump, keeping, _time.GetUtcNow()), cancellationToken);
        return gone;
    }

    public ValueTask<HistoryCheckReport> CheckAsync(IProgress<double>? progress, CancellationToken cancellationToken) => ReadAsync(
        connection => new HistoryCheck(connection, new SegmentTable(connection, _names, _damage), _names, _damage).Run(progress, cancellationToken), cancellationToken);

    public async ValueTask BackUpAsync(string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file)) throw new IOException($"{file} exists already; a backup does not replace a file.");
        await ReadAsync(connection => connection.Run("VACUUM INTO $0", file), cancellationToken);
    }

    public ValueTask<HistoryFileStatus> StatusAsync(CancellationToken cancellationToken) => ReadAsync(
        connection =>
        {
            var waiting = _head.Pumps().ToDictionary(pump => pump, _head.Of);
            var known = connection.Rows(
                "SELECT pump, min(first), max(last), coalesce(sum(polls) FILTER (WHERE body IS NOT NULL), 0), coalesce(sum(length(directory) + length(body)), 0) + coalesce(sum(length(cells)), 0) FROM segments GROUP BY pump",
                row => (Pump: row.GetInt64(0), First: row.GetInt64(1), Last: row.GetInt64(2), Polls: row.GetInt64(3), Bytes: row.GetInt64(4))).ToDictionary(row => row.Pump);
            var heatPumps = known.Keys.Union(waiting.Keys).Select(pump =>
            {
                var times = waiting.GetValueOrDefault(pump)?.Select(poll => poll.At).ToList() ?? [];
                if (known.TryGetValue(pump, out var sealedPart)) times.AddRange([sealedPart.First, sealedPart.Last]);
                return new HeatPumpHistory(
                    _names.PumpOf(pump),
                    DateTimeOffset.FromUnixTimeMilliseconds(times.Min()),
                    DateTimeOffset.FromUnixTimeMilliseconds(times.Max()),
                    sealedPart.Polls + (waiting.GetValueOrDefault(pump)?.Count ?? 0),
                    sealedPart.Bytes);
            });
            return new HistoryFileStatus(_database.File, FileBytes(), [.. heatPumps.OrderBy(one => one.HeatPump.Value, StringComparer.Ordinal)], _head.Polls, _damage.All);
        },
        cancellationToken);

    /// <summary>Seals all that waits in the head, as happens by itself once there is enough of it, and gives back what the file does not need.</summary>
    public async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(static writer => writer.Seal(), cancellationToken);
        await GiveBackAsync(keptBytes: 0, cancellationToken);
    }

    /// <summary>Gives what the file does not need back to the disk, step by step, so that polls are written in between.</summary>
    /// <param name="keptBytes">So much may stay free.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The store cannot be written now.</exception>
    public async ValueTask GiveBackAsync(long keptBytes, CancellationToken cancellationToken)
    {
        var isMore = true;
        while (isMore) await WriteAsync(writer => isMore = writer.GiveBack(keptBytes), cancellationToken);
    }

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => ReadAsync(
        connection =>
        {
            var waiting = Waiting(query.HeatPumpId);
            return connection.InSnapshot(() => Reader(connection, cancellationToken).Read(query, waiting));
        },
        cancellationToken);

    public async IAsyncEnumerable<HistoryBlock> ReadAsync(
        HeatPumpId heatPump,
        IReadOnlyList<SensorKey>? sensors,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_names.FindPump(heatPump) is not { } pump) yield break;
        var series = sensors?.Select(sensor => _names.FindSeries(sensor) ?? -1).ToList();
        var (at, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        while (true)
        {
            // A connection a stretch: one kept open for the whole range would keep the log from being moved into the file.
            var start = at;
            var part = await ReadAsync(connection => Reader(connection, cancellationToken).ReadNext(pump, series, start, end, Waiting(heatPump)), cancellationToken);
            if (part is not { } found) yield break;
            at = found.Next;
            for (var first = 0; first < found.Polls.Count; first += HistoryBlock.MostPolls)
                yield return BlockOf(heatPump, found.Polls.Slice(first, Math.Min(HistoryBlock.MostPolls, found.Polls.Count - first)), sensors, series);
        }
    }

    public async ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (_names.FindPump(heatPump) is not { } pump) return [];
        var waiting = Waiting(heatPump);
        var found = await ReadAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: true);
                return Reader(connection, cancellationToken).SeriesIn(pump, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), waiting);
            },
            cancellationToken);
        return [.. found.Select(_names.SensorOf)];
    }

    public async ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken)
    {
        if (_names.FindPump(heatPump) is not { } pump) return null;
        var waiting = Waiting(heatPump).Select(poll => poll.At).ToList();
        var sealedPart = await ReadAsync(
            connection => connection.Rows(
                "SELECT min(first), max(last), coalesce(sum(polls) FILTER (WHERE body IS NOT NULL), 0) FROM segments WHERE pump = $0",
                row => row.IsDBNull(0) ? ((long First, long Last, long Polls)?)null : (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
                pump)[0],
            cancellationToken);
        if (sealedPart is null && waiting.Count == 0) return null;
        var first = Math.Min(sealedPart?.First ?? long.MaxValue, waiting.Count == 0 ? long.MaxValue : waiting.Min());
        var last = Math.Max(sealedPart?.Last ?? long.MinValue, waiting.Count == 0 ? long.MinValue : waiting.Max());
        return new HistoryExtent(DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(last), (sealedPart?.Polls ?? 0) + waiting.Count);
    }

    ValueTask IOutbox.OpenAsync(string engine, bool withPast, CancellationToken cancellationToken) =>
        WriteAsync(writer => writer.Outbox.Open(engine, withPast), cancellationToken);

    ValueTask IOutbox.AcknowledgeAsync(string engine, OutboxBatch batch, CancellationToken cancellationToken) =>
        WriteAsync(writer => writer.Outbox.Acknowledge(engine, batch), cancellationToken);

    ValueTask IOutbox.ForgetAsync(string engine, CancellationToken cancellationToken) =>
        WriteAsync(writer => writer.Outbox.Forget(engine), cancellationToken);

    async ValueTask<OutboxBatch?> IOutbox.NextAsync(string engine, int most, CancellationToken cancellationToken) =>
        await ReadAsync(connection => OutboxReader(connection).Next(engine, most, cancellationToken), cancellationToken);

    async ValueTask<OutboxLag> IOutbox.LagAsync(string engine, CancellationToken cancellationToken) =>
        await ReadAsync(connection => OutboxReader(connection).Lag(engine), cancellationToken);

    public void Dispose()
    {
        CloseReaders();
        _writer?.Dispose();
        _writing.Dispose();
    }

    private HistoryReader Reader(SqliteConnection connection, CancellationToken cancellationToken) =>
        new(new SegmentTable(connection, _names, _damage), _names, cancellationToken);

    private OutboxReader OutboxReader(SqliteConnection connection) => new(connection, new SegmentTable(connection, _names, _damage), _names, _head);

    private IReadOnlyList<HeadPoll> Waiting(HeatPumpId heatPump) => _names.FindPump(heatPump) is { } pump ? _head.Of(pump) : [];

    private HistoryBlock BlockOf(HeatPumpId heatPump, PollColumns polls, IReadOnlyList<SensorKey>? sensors, List<long>? series)
    {
        var columns = series is null
            ? polls.Series.Select(column => (Sensor: _names.SensorOf(column.Series), Column: (SeriesColumn?)column))
            : sensors!.Zip(series, (sensor, one) => (Sensor: sensor, Column: polls.Series.FirstOrDefault(column => column.Series == one)));
        return Blocks.Of(heatPump, polls, columns);
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = _database.OpenForReading();
                    return read(connection);
                },
                cancellationToken);
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The history cannot be read: {fault.Message}", fault);
        }
    }

    private async ValueTask WriteAsync(Action<HistoryWriterConnection> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        var isDone = false;
        try
        {
            await Task.Run(
                () =>
                {
                    _writer ??= new HistoryWriterConnection(_database, _names, _head, _damage, _logger);
                    _held ??= _database.OpenToHold();
                    write(_writer);
                },
                cancellationToken);
            isDone = true;
        }
        catch (SqliteException fault)
        {
            if (fault.SqliteErrorCode is SqliteDamage.Corrupt or SqliteDamage.NotADatabase) await RepairAsync();
            throw new IOException($"The history cannot be written: {fault.Message}", fault);
        }
        finally
        {
            try
            {
                // The connection may be what is broken; head and numbers are read from the file again.
                if (!isDone) CloseWriter();
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    // Damage that is met in the middle of the work: what waits is written to the new file at the next attempt.
    private Task RepairAsync() => Task.Run(() =>
    {
        CloseWriter();
        CloseReaders();
        var repaired = _database.Repair();
        _writer = new HistoryWriterConnection(_database, _names, _head, _damage, _logger);
        _writer.NoteRepair(_time.GetUtcNow(), repaired);
    });

    private long FileBytes() =>
        new FileInfo(_database.File).Length + (new FileInfo(_database.File + "-wal") is { Exists: true } log ? log.Length : 0);

    private void CloseReaders()
    {
        _held?.Dispose();
        _held = null;
        _database.CloseReaders();
    }

    private void CloseWriter()
    {
        var writer = _writer;
        _writer = null;
        writer?.Dispose();
    }
}
