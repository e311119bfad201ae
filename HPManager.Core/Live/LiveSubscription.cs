using HPManager.Core.HeatPumps;

namespace HPManager.Core.Live;

/// <summary>
/// One subscriber of <see cref="LiveValues"/>: remembers which heat pumps changed and calls back, throttled. What waits is bounded by the number
/// of heat pumps, because only the newest state counts.
/// </summary>
internal sealed class LiveSubscription : IDisposable
{
    private readonly HeatPumpId? _only;
    private readonly TimeSpan _atMostEvery;
    private readonly Func<IReadOnlyList<(HeatPumpId Id, HeatPumpState? State)>, CancellationToken, Task> _callback;
    private readonly Func<HeatPumpId, HeatPumpState?> _newest;
    private readonly TimeProvider _time;
    private readonly Action<LiveSubscription, Exception?> _ended;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<HeatPumpId> _changed = [];
    private bool _running;

    public LiveSubscription(
        HeatPumpId? only,
        TimeSpan atMostEvery,
        Func<IReadOnlyList<(HeatPumpId Id, HeatPumpState? State)>, CancellationToken, Task> callback,
        Func<HeatPumpId, HeatPumpState?> newest,
        TimeProvider time,
        Action<LiveSubscription, Exception?> ended)
    {
        _only = only;
        _atMostEvery = atMostEvery;
        _callback = callback;
        _newest = newest;
        _time = time;
        _ended = ended;
    }

    public void Changed(HeatPumpId id)
    {
        if (_only is { } only && only != id) return;
        lock (_gate)
        {
            _changed.Add(id);
            if (_running || _stop.IsCancellationRequested) return;
            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static subscription => _ = subscription.RunAsync(), this, preferLocal: false);
    }

    public void Dispose() => End(null);

    private async Task RunAsync()
    {
        try
        {
            while (TakeChanged() is { } changed)
            {
                await _callback(changed, _stop.Token);
                if (_atMostEvery > TimeSpan.Zero) await Task.Delay(_atMostEvery, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed while it waited or called back: the subscriber is gone.
        }
#pragma warning disable CA1031 // a subscriber's fault ends its subscription and reaches nobody else
        catch (Exception fault)
#pragma warning restore CA1031
        {
            End(fault);
        }
    }

    private void End(Exception? fault)
    {
        _ended(this, fault);
        _stop.Cancel();
    }

    private List<(HeatPumpId Id, HeatPumpState? State)>? TakeChanged()
    {
        lock (_gate)
        {
            if (_changed.Count == 0 || _stop.IsCancellationRequested)
            {
                _running = false;
                return null;
            }

            var changed = _changed.Select(id => (id, _newest(id))).ToList();
            _changed.Clear();
            return changed;
        }
    }
}
