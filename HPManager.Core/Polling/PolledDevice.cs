using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>One heat pump in its endpoint's loop: when it is due, and what is known of it. Used by that loop only.</summary>
internal sealed class PolledDevice
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private ConnectionState _connection = ConnectionState.Connecting;
    private DateTimeOffset _since;
    private Snapshot? _snapshot;
    private Failure? _lastError;
    private TimeSpan _lateness;
    private long _missed;
    private int _failures;
    private (DateTimeOffset At, long Stamp, TimeSpan Wait) _planned;

    public PolledDevice(HeatPump heatPump, HeatPumpModel model, IDeviceSession session, TimeSpan phase, TimeProvider time)
    {
        HeatPump = heatPump;
        Model = model;
        Session = session;
        _time = time;
        _since = time.GetUtcNow();
        PlanFor(_since, _since, phase);
    }

    public HeatPump HeatPump { get; }

    public HeatPumpModel Model { get; }

    public IDeviceSession Session { get; private set; }

    /// <summary>Timestamp of the next snapshot.</summary>
    public DateTimeOffset Slot { get; private set; }

    /// <summary>When the next poll begins: the slot and the endpoint's phase.</summary>
    public DateTimeOffset Due { get; private set; }

    public bool IsOnline => _connection == ConnectionState.Online;

    public HeatPumpState State => new()
    {
        HeatPump = HeatPump,
        Model = Model,
        Connection = _connection,
        Since = _since,
        LastError = _lastError,
        Snapshot = _snapshot,
        Sensors = Session.Sensors,
        Lateness = _lateness,
        MissedPolls = _missed,
    };

    /// <summary>Goes on with a new session after the old one broke.</summary>
    public void MoveTo(IDeviceSession session) => Session = session;

    public void PollNow()
    {
        var now = _time.GetUtcNow();
        PlanFor(now, now, TimeSpan.Zero);
    }

    /// <summary>Plans anew when the clock was put back by more than the poll had to wait; it would not be polled before the clock has caught up otherwise.</summary>
    public void NoticeClock(TimeSpan phase)
    {
        var now = _time.GetUtcNow();
        if (Due - now > _planned.Wait) PlanFor(PollGrid.After(now - phase, HeatPump.Interval), now, phase);
    }

    /// <summary>Notes that the poll begins now.</summary>
    /// <returns>How late, whatever became of the clock meanwhile.</returns>
    public TimeSpan Begin() => _lateness = _time.GetElapsedTime(_planned.Stamp) - _planned.Wait;

    public void Succeeded(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _lastError = null;
        _failures = 0;
        Enter(ConnectionState.Online);
    }

    public void Failed(Failure failure)
    {
        _lastError = failure;
        _failures++;
        Enter(ConnectionState.Offline);
    }

    /// <summary>Plans the next poll on the grid.</summary>
    /// <returns>How many moments of the grid passed while this poll ran.</returns>
    public long Plan(TimeSpan phase, double chance)
    {
        var now = _time.GetUtcNow();
        var pause = _failures == 0 ? TimeSpan.Zero : BackOff.After(_failures, HeatPump.Interval, chance);

        // The slot whose window (slot + phase) is still ahead; one that has begun less than an interval ago cannot be reached in time any more.
        var next = PollGrid.After(now - phase + pause, HeatPump.Interval);
        var missed = _failures == 0 && !WasClockSet(now) ? Math.Max(0, PollGrid.CountBetween(Slot, next, HeatPump.Interval) - 1) : 0;
        _missed += missed;
        PlanFor(next, now, phase);
        return missed;
    }

    private void PlanFor(DateTimeOffset slot, DateTimeOffset now, TimeSpan phase)
    {
        Slot = slot;
        Due = slot + phase;
        _planned = (now, _time.GetTimestamp(), Due - now);
    }

    // Moments that a clock leaps over are none that a slow poll has missed.
    private bool WasClockSet(DateTimeOffset now) => (now - _planned.At - _time.GetElapsedTime(_planned.Stamp)).Duration() > ClockSlack;

    private void Enter(ConnectionState state)
    {
        if (_connection == state) return;
        _connection = state;
        _since = _time.GetUtcNow();
    }
}
