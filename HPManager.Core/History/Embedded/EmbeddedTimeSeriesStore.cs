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
internal sealed class EmbeddedTimeSeriesStore : ITimeSeriesStore, IOutbox, IHostedService, IPreparedStorage, IDisposable
{
    private readonly HistoryDatabase _database;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SeriesNames _names = new();
    private readonly Head _head = new();
    private readonly DamageList _damage;
    private readonly ILogger<EmbeddedTimeSeriesStore> _logger;
    private HistoryWriterConnection? _writer;

    public EmbeddedTimeSeriesStore(IOptions<StorageOptions> options, ILogger<EmbeddedTimeSeriesStore> logger)
    {
        _database = new HistoryDatabase(options.Value.HistoryFile);
        _logger = logger;
        _damage = new DamageList(logger);
    }

    /// <summary>What is known to be damaged.</summary>
    public IReadOnlyList<HistoryDamage> Damage => _damage.All;

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null) return;
        _database.Prepare();
        await WriteAsync(static _ => { }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) =>
        snapshots.Count == 0 ? ValueTask.CompletedTask : WriteAsync(writer => writer.Append(snapshots), cancellationToken);

    public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) =>
        WriteAsync(writer => writer.Delete(heatPump), cancellationToken);

    /// <summary>Seals all that waits in the head, as happens by itself once there is enough of it.</summary>
    public ValueTask SealAsync(CancellationToken cancellationToken) => WriteAsync(static writer => writer.Seal(), cancellationToken);

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => ReadAsync(
        connection =>
        {
            var waiting = Waiting(query.HeatPumpId);
            using var transaction = connection.BeginTransaction(deferred: true);
            return Reader(connection, cancellationToken).Read(query, waiting);
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
        var series = sensors?.Select(sensor => _names.FindSeries(pump, sensor) ?? -1).ToList();
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
        _database.CloseReaders();
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
                    write(_writer);
                },
                cancellationToken);
            isDone = true;
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The history cannot be written: {fault.Message}", fault);
        }
        finally
        {
            if (!isDone)
            {
                // The connection may be what is broken; head and numbers are read from the file again.
                _writer?.Dispose();
                _writer = null;
            }

            _writing.Release();
        }
    }
}
