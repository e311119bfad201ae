using HPManager.Core.Live;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Engines;

/// <summary>How an engine is doing.</summary>
/// <param name="Lag">What it has not got.</param>
/// <param name="Readings">Readings it took since the start.</param>
/// <param name="Refused">Readings it will never take, since the start.</param>
/// <param name="Refusals">The newest of them by name.</param>
/// <param name="LastError">Why it takes nothing now; null when it does.</param>
/// <param name="FailingSince">Since when, UTC.</param>
/// <param name="LastTaken">When it took something last, UTC; null when it has not since the start.</param>
public sealed record EngineStatus(
    OutboxLag Lag, long Readings, long Refused, IReadOnlyList<string> Refusals, string? LastError, DateTimeOffset? FailingSince, DateTimeOffset? LastTaken);

/// <summary>
/// Takes what is kept to one engine, oldest first and a batch at a time, until it has everything; then as it comes. While the engine fails it waits, longer each time, and goes
/// on where it was: nothing is dropped but what the engine will never take, and that is counted and named. Thread-safe.
/// </summary>
internal sealed partial class EngineFeed : IAsyncDisposable
{
    private const int MostPolls = 500;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly IHistoryEngine _engine;
    private readonly IOutbox _outbox;
    private readonly LiveValues _live;
    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Queue<string> _refusals = new();
    private readonly Task _feeding;
    private EngineStatus _status = new(new OutboxLag(0, null), 0, 0, [], null, null, null);

    public EngineFeed(
        string name, bool withPast, IHistoryEngine engine, IOutbox outbox, LiveValues live, HistoryOptions options, TimeProvider time, ILogger logger)
    {
        (_name, _engine, _outbox, _live, _options, _time, _logger) = (name, engine, outbox, live, options, time, logger);
        _feeding = Task.Run(() => FeedAsync(withPast), _stopping.Token);
    }

    /// <summary>The engine, to be asked.</summary>
    public IHistoryEngine Engine => _engine;

    public async Task<EngineStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var lag = await _outbox.LagAsync(_name, cancellationToken);
        lock (_gate) return _status with { Lag = lag, Refusals = [.. _refusals] };
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _engine.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task FeedAsync(bool withPast)
    {
        var most = MostPolls;
        var failures = 0;
        var isOpen = false;

        // Whether the batch before the restart was taken is not known.
        var mayBeThere = true;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!isOpen) await _outbox.OpenAsync(_name, withPast, _stopping.Token);
                isOpen = true;
                if (await _outbox.NextAsync(_name, most, _stopping.Token) is not { } batch)
                {
                    Succeeded();
                    await Task.Delay(LookAgain, _time, _stopping.Token);
                    continue;
                }

                var started = _time.GetTimestamp();
                var receipt = await _engine.WriteAsync(new EngineBatch(HeatPumpOf(batch.Polls), batch.Polls, mayBeThere), _stopping.Token);
                mayBeThere = true;
                await _outbox.AcknowledgeAsync(_name, batch, _stopping.Token);
                (mayBeThere, failures) = (false, 0);
                most = Math.Min(MostPolls, most * 2);
                Took(receipt);
                await RestAsync(receipt.Readings, _time.GetElapsedTime(started));
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (EngineException fault) when (fault.Fault == EngineFault.TooLarge && most > 1)
            {
                most /= 2;
            }
#pragma warning disable CA1031 // whatever an engine throws, it is tried again and no other is touched
            catch (Exception fault)
#pragma warning restore CA1031
            {
                mayBeThere = true;
                Failed(fault);
                var pause = (fault as EngineException)?.RetryAfter ?? WritePause.After(++failures);
                await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // What comes as it is polled is never slowed; only a backlog is, so that the engine and the network keep room for others.
    private async Task RestAsync(int readings, TimeSpan took)
    {
        var due = TimeSpan.FromSeconds((double)readings / _options.BackfillReadingsPerSecond);
        if (due > took) await Task.Delay(due - took, _time, _stopping.Token);
    }

    private EngineHeatPump HeatPumpOf(HistoryBlock polls) => _live.Get(polls.HeatPumpId) is { } state
        ? new EngineHeatPump(polls.HeatPumpId, state.HeatPump.Name, state.HeatPump.Location, state.HeatPump.Manufacturer, state.HeatPump.Model, state.Sensors)
        : new EngineHeatPump(polls.HeatPumpId, polls.HeatPumpId.Value, null, "unknown", "unknown", Sensors.SensorSet.Empty);

    private void Took(EngineReceipt receipt)
    {
        lock (_gate)
        {
            foreach (var refusal in receipt.Refused)
            {
                _refusals.Enqueue(refusal);
                if (_refusals.Count > EngineReceipt.MostRefused) _refusals.Dequeue();
            }

            _status = _status with { Readings = _status.Readings + receipt.Readings, Refused = _status.Refused + receipt.RefusedReadings, LastTaken = _time.GetUtcNow() };
        }

        if (receipt.Refused.Count > 0) Log.Refused(_logger, _name, receipt.RefusedReadings, receipt.Refused[0]);
        Succeeded();
    }

    private void Succeeded()
    {
        lock (_gate)
        {
            if (_status.LastError is null) return;
            _status = _status with { LastError = null, FailingSince = null };
        }

        Log.TakingAgain(_logger, _name);
    }

    private void Failed(Exception fault)
    {
        lock (_gate)
        {
            var isFirst = _status.LastError is null;
            _status = _status with { LastError = fault.Message, FailingSince = _status.FailingSince ?? _time.GetUtcNow() };
            if (!isFirst) return;
        }

        Log.Failing(_logger, _name, fault.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6020, Level = LogLevel.Warning, Message = "The history engine {Engine} takes nothing: {Reason}; it is fed later from what is kept here")]
        public static partial void Failing(ILogger logger, string engine, string reason);

        [LoggerMessage(EventId = 6021, Level = LogLevel.Information, Message = "The history engine {Engine} takes readings again")]
        public static partial void TakingAgain(ILogger logger, string engine);

        [LoggerMessage(EventId = 6022, Level = LogLevel.Warning, Message = "The history engine {Engine} refused {Count} readings for good, such as {Example}")]
        public static partial void Refused(ILogger logger, string engine, int count, string example);
    }
}
