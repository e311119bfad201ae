using System.Threading.Channels;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>
/// The one owner of an endpoint's session: polls the heat pumps behind it when they are due, and between two polls does what others ask for.
/// Everything that touches the session or the list of heat pumps runs in the loop; the public members are thread-safe and only hand in work.
/// </summary>
internal sealed class EndpointLoop : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPollLimit = TimeSpan.FromMinutes(1);

    private readonly EndpointKey _endpoint;
    private readonly PollingContext _context;
    private readonly int _place;
    private readonly Channel<Func<CancellationToken, ValueTask>> _work = Channel.CreateUnbounded<Func<CancellationToken, ValueTask>>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly List<PolledDevice> _devices = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _pollGate = new();
    private readonly Task _running;
    private IEndpointSession? _session;
    private (HeatPumpId Id, CancellationTokenSource Cancel)? _polling;

    public EndpointLoop(EndpointKey endpoint, PollingContext context)
    {
        _endpoint = endpoint;
        _context = context;
        _place = context.Stagger.Enter();
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Heat pumps behind the endpoint; only for the owner that attaches and detaches one at a time.</summary>
    public int DeviceCount { get; private set; }

    public Task AttachAsync(HeatPump heatPump, HeatPumpModel model, CancellationToken cancellationToken)
    {
        DeviceCount++;
        return DoAsync(
            _ =>
            {
                _session ??= model.Driver.Open(heatPump.Connection);
                var session = _session.Attach(heatPump, model, _context.Memory);
                var device = new PolledDevice(heatPump, model, session, _context.Stagger.PhaseOf(_place, heatPump.Interval), _context.Time);
                _devices.Add(device);
                _context.Live.Set(device.State);
                return ValueTask.FromResult(true);
            },
            cancellationToken);
    }

    /// <summary>Lets go of a heat pump at once, also in the middle of its poll.</summary>
    public Task DetachAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        DeviceCount--;
        CancelPollOf(id);
        return DoAsync(
            async _ =>
            {
                if (_devices.Find(device => device.HeatPump.Id == id) is { } device)
                {
                    _devices.Remove(device);
                    await CloseAsync(device.Session);
                }

                if (_devices.Count == 0) await CloseSessionAsync();
                return true;
            },
            cancellationToken);
    }

    /// <summary>Runs something with a heat pump's session, before the next poll.</summary>
    public Task<T> WithDeviceAsync<T>(
        HeatPumpId id, Func<IDeviceSession, CancellationToken, ValueTask<T>> action, T whenGone, CancellationToken cancellationToken) =>
        DoAsync(
            stop => _devices.Find(device => device.HeatPump.Id == id) is { } device ? action(device.Session, stop) : ValueTask.FromResult(whenGone),
            cancellationToken);

    /// <summary>Polls a heat pump once that is not, or not so, configured: the connection test of a device behind an endpoint in use.</summary>
    public Task<PollResult> TryAsync(HeatPump candidate, HeatPumpModel model, CancellationToken cancellationToken) =>
        DoAsync(
            async stop =>
            {
                _session ??= model.Driver.Open(candidate.Connection);
                await using var session = _session.Attach(candidate, model, ForgetfulMemory.Instance);
                return await session.PollAsync(_context.Time.GetUtcNow(), stop);
            },
            cancellationToken);

    public void PollSoon(HeatPumpId id) =>
        _work.Writer.TryWrite(_ =>
        {
            _devices.Find(device => device.HeatPump.Id == id)?.PollNow();
            return ValueTask.CompletedTask;
        });

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _context.Stagger.Leave(_place);
        _stop.Dispose();
    }

    private async Task<T> DoAsync<T>(Func<CancellationToken, ValueTask<T>> action, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var accepted = _work.Writer.TryWrite(async stop =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
            try
            {
                done.TrySetResult(await action(either.Token));
            }
            catch (OperationCanceledException)
            {
                done.TrySetCanceled(either.Token);
            }
#pragma warning disable CA1031 // whoever asked gets the fault; the loop goes on
            catch (Exception fault)
#pragma warning restore CA1031
            {
                done.TrySetException(fault);
            }
        });
        if (!accepted) throw new OperationCanceledException($"{_endpoint} is closed");
        await using var registration = cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        return await done.Task;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var next = NextDevice();
                if (_work.Reader.TryRead(out var work)) await work(_stop.Token);
                else if (next is not null && next.Due <= _context.Time.GetUtcNow()) await PollAsync(next);
                else await WaitAsync(next);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while it waited.
        }

        while (_work.Reader.TryRead(out var work)) await work(_stop.Token);
        await CloseSessionAsync();
    }

    private PolledDevice? NextDevice()
    {
        foreach (var device in _devices) device.NoticeClock(_context.Stagger.PhaseOf(_place, device.HeatPump.Interval));
        return _devices.Count == 1 ? _devices[0] : _devices.MinBy(device => device.Due);
    }

    private async Task WaitAsync(PolledDevice? device)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var asked = _work.Reader.WaitToReadAsync(enough.Token).AsTask();
        var due = device is null
            ? Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, enough.Token)
            : Task.Delay(AtLeastZero(device.Due - _context.Time.GetUtcNow()), _context.Time, enough.Token);
        var first = await Task.WhenAny(asked, due);
        await enough.CancelAsync();
        await first;
    }

    private static TimeSpan AtLeastZero(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private async Task PollAsync(PolledDevice device)
    {
        var before = device.State.Connection;
        var lateness = device.Begin();
        var began = _context.Time.GetTimestamp();
        var result = await PollWithinLimitAsync(device);
        if (result is not { } answer) return;

        if (answer.Snapshot is { } snapshot) device.Succeeded(snapshot);
        else device.Failed(answer.Failure ?? new Failure(FailureCause.BadAnswer, "The driver gave neither readings nor a reason."));
        _context.Metrics.Polled(lateness, _context.Time.GetElapsedTime(began), failed: answer.Snapshot is null);
        _context.Metrics.Missed(device.Plan(_context.Stagger.PhaseOf(_place, device.HeatPump.Interval), _context.Chance()));
        Publish(device, before, answer.Snapshot);
    }

    private async Task<PollResult?> PollWithinLimitAsync(PolledDevice device)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        lock (_pollGate) _polling = (device.HeatPump.Id, cancel);
        var limit = device.HeatPump.Interval * 2 > ShortestPollLimit ? device.HeatPump.Interval * 2 : ShortestPollLimit;
        var limited = false;
        await using var timer = _context.Time.CreateTimer(
            _ =>
            {
                limited = true;
                Cancel(cancel);
            },
            null,
            limit,
            Timeout.InfiniteTimeSpan);
        try
        {
            return await device.Session.PollAsync(device.Slot, cancel.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Either the loop ends, or the heat pump is being removed, or the poll took too long.
            return limited && !_stop.IsCancellationRequested
                ? new PollResult(null, new Failure(FailureCause.NoAnswer, $"A poll was not finished within {limit.TotalSeconds:0} s."))
                : null;
        }
#pragma warning disable CA1031 // the edge of the supervised loop: a driver's bug costs this endpoint a reconnect, the others nothing
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PollingLog.DriverFault(_context.Logger, device.HeatPump.Id, _endpoint, fault);
            await ReopenAsync();
            return new PollResult(null, new Failure(FailureCause.BadAnswer, "The driver failed; the log has the details."));
        }
        finally
        {
            lock (_pollGate) _polling = null;
        }
    }

    private void Publish(PolledDevice device, ConnectionState before, Snapshot? snapshot)
    {
        var state = device.State;
        if (state.Connection != before)
        {
            if (device.IsOnline) PollingLog.Online(_context.Logger, device.HeatPump.Id, _endpoint);
            else PollingLog.Offline(_context.Logger, device.HeatPump.Id, _endpoint, state.LastError!.Cause, state.LastError.Message);
        }

        _context.Live.Set(state);
        if (snapshot is null) return;
        foreach (var observer in _context.Observers) observer.Observe(device.HeatPump, snapshot);
    }

    private void CancelPollOf(HeatPumpId id)
    {
        lock (_pollGate)
        {
            if (_polling is { } polling && polling.Id == id) Cancel(polling.Cancel);
        }
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The poll ended in the same moment: there is nothing left to cancel.
        }
    }

    private async Task ReopenAsync()
    {
        await CloseSessionAsync();
        foreach (var device in _devices)
        {
            _session ??= device.Model.Driver.Open(device.HeatPump.Connection);
            device.MoveTo(_session.Attach(device.HeatPump, device.Model, _context.Memory));
        }
    }

    private async ValueTask CloseSessionAsync()
    {
        foreach (var device in _devices) await CloseAsync(device.Session);
        if (_session is not { } session) return;
        _session = null;
        await CloseAsync(session);
    }

    private async ValueTask CloseAsync(IAsyncDisposable session)
    {
        try
        {
            await session.DisposeAsync();
        }
#pragma warning disable CA1031 // closing is the last thing done with a session that may be broken
        catch (Exception fault)
#pragma warning restore CA1031
        {
            PollingLog.CloseFault(_context.Logger, _endpoint, fault);
        }
    }
}
