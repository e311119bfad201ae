using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Core.Polling;

/// <summary>One heat pump in its endpoint's loop: when it is due, and what is known of it. Used by that loop only.</summary>
internal sealed class PolledDevice
{
    private readonly TimeProvider _time;
    private ConnectionState _connection = ConnectionState.Connecting;
    private DateTimeOffset _since;
    private Snapshot? _snapshot;
    private Failure? _lastError;
    private TimeSpan _lateness;
    private long _missed;
    private int _failures;

    public PolledDevice(HeatPump heatPump, HeatPumpModel model, IDeviceSession session, TimeSpan phase, TimeProvider time)
    {
        HeatPump = heatPump;
        Model = model;
        Session = session;
        _time = time;
        _since = time.GetUtcNow();
        Slot = _since;
        Due = _since + phase;
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
        Slot = _time.GetUtcNow();
        Due = Slot;
    }

    /// <summary>Notes that the poll begins now.</summary>
    /// <returns>How late.</returns>
    public TimeSpan Begin() => _lateness = _time.GetUtcNow() - Due;

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
        var missed = _failures == 0 ? Math.Max(0, PollGrid.CountBetween(Slot, next, HeatPump.Interval) - 1) : 0;
        _missed += missed;
        Slot = next;
        Due = next + phase;
        return missed;
    }

    private void Enter(ConnectionState state)
    {
        if (_connection == state) return;
        _connection = state;
        _since = _time.GetUtcNow();
    }
}
