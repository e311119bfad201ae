using System.Threading.Channels;
using HPManager.Core.HeatPumps;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Core.History;

/// <summary>How the history is doing.</summary>
/// <param name="Waiting">Snapshots that wait to be written.</param>
/// <param name="Written">Snapshots written since the start.</param>
/// <param name="Dropped">Snapshots that could not be kept since the start.</param>
/// <param name="LastError">Why the store does not take them now; null when it does.</param>
/// <param name="FailingSince">Since when it does not, UTC.</param>
public sealed record HistoryWriterStatus(int Waiting, long Written, long Dropped, string? LastError, DateTimeOffset? FailingSince);

/// <summary>
/// Takes every snapshot to the store: a bounded queue, one writer, batches by time or size. While the store fails the queue fills; what it cannot keep is
/// counted. Thread-safe.
/// </summary>
public sealed class HistoryWriter : ISnapshotObserver, IHostedService, IDisposable
{
    private const int LargestBatch = 500;

    private readonly ITimeSeriesStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryWriter> _logger;
    private readonly TimeSpan _batchTime;
    private readonly Channel<Snapshot> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _writing = Task.CompletedTask;
    private long _written;
    private long _dropped;
    private string? _lastError;
    private DateTimeOffset? _failingSince;
    private int _gathered;
    private bool _dropping;

    /// <summary>Creates the writer; it writes once started.</summary>
    public HistoryWriter(ITimeSeriesStore store, IOptions<HistoryOptions> options, TimeProvider time, ILogger<HistoryWriter> logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _batchTime = TimeSpan.FromSeconds(options.Value.BatchSeconds);
        _queue = Channel.CreateBounded<Snapshot>(new BoundedChannelOptions(options.Value.QueueLimit) { SingleReader = true });
    }

    /// <summary>How it is doing now.</summary>
    public HistoryWriterStatus Status
    {
        get
        {
            lock (_gate) return new HistoryWriterStatus(_queue.Reader.Count + _gathered, _written, _dropped, _lastError, _failingSince);
        }
    }

    /// <inheritdoc/>
    public void Observe(HeatPump heatPump, Snapshot snapshot)
    {
        var taken = _queue.Writer.TryWrite(snapshot);
        lock (_gate)
        {
            if (!taken) _dropped++;
            if (taken != _dropping) return;
            _dropping = !taken;
            if (_dropping) HistoryLog.Dropping(_logger, _dropped);
            else HistoryLog.KeepingAgain(_logger, _dropped);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = WriteAllAsync();
        return Task.CompletedTask;
    }

    /// <summary>Writes what still waits, each batch once, and ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task WriteAllAsync()
    {
        var batch = new List<Snapshot>(LargestBatch);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await GatherAsync(batch);
            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task GatherAsync(List<Snapshot> batch)
    {
        using var due = new CancellationTokenSource(_batchTime, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _stopping.Token);
        try
        {
            do TakeWaiting(batch);
            while (batch.Count < LargestBatch && await _queue.Reader.WaitToReadAsync(end.Token));
        }
        catch (OperationCanceledException)
        {
            // Its time is up, or the program stops: what is there is written at once.
        }
    }

    private void TakeWaiting(List<Snapshot> batch)
    {
        lock (_gate)
        {
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var snapshot)) batch.Add(snapshot);
            _gathered = batch.Count;
        }
    }

    private async Task WriteAsync(List<Snapshot> batch)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await _store.AppendAsync(batch, CancellationToken.None);
                Succeeded(batch.Count);
                return;
            }
#pragma warning disable CA1031 // whatever the store throws, polling goes on and the batch is tried again
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Failed(fault);
            }

            try
            {
                await Task.Delay(WritePause.After(failures), _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                {
                    _dropped += batch.Count;
                    _gathered = 0;
                }

                HistoryLog.LostAtStop(_logger, batch.Count);
                return;
            }
        }
    }

    private void Succeeded(int count)
    {
        lock (_gate)
        {
            _written += count;
            _gathered = 0;
            if (_lastError is null) return;
            _lastError = null;
            _failingSince = null;
        }

        HistoryLog.WritingAgain(_logger);
    }

    private void Failed(Exception fault)
    {
        lock (_gate)
        {
            var first = _lastError is null;
            _lastError = fault.Message;
            _failingSince ??= _time.GetUtcNow();
            if (!first) return;
        }

        HistoryLog.Failing(_logger, fault);
    }
}
