using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Live;

/// <summary>
/// The newest state of every heat pump, and who wants to know when it changes. Thread-safe. The poll loops write;
/// pages, the hub and REST read. A subscriber can fall behind or fail without the poll noticing.
/// </summary>
public sealed partial class LiveValues(TimeProvider time, ILogger<LiveValues> logger)
{
    private readonly ConcurrentDictionary<HeatPumpId, HeatPumpState> _states = new();
    private readonly ConcurrentDictionary<LiveSubscription, byte> _subscriptions = new();

    /// <summary>Every heat pump's state in the order of the ids.</summary>
    public IReadOnlyList<HeatPumpState> All =>
        [.. _states.Values.OrderBy(state => state.HeatPump.Id.Value, StringComparer.Ordinal).Select(WithAge)];

    /// <summary>A heat pump's state; null when it is not configured. Readings older than two intervals are stale.</summary>
    public HeatPumpState? Get(HeatPumpId id) => _states.TryGetValue(id, out var state) ? WithAge(state) : null;

    /// <summary>
    /// Asks to be told of changes. The callback runs on the pool, never two at a time, and at most once per <paramref name="atMostEvery"/>; it
    /// is given the newest state of each heat pump that changed since. A callback that throws ends its own subscription only.
    /// </summary>
    /// <param name="heatPump">One heat pump, or null for all.</param>
    /// <param name="atMostEvery">Shortest time between two calls; zero for every change.</param>
    /// <param name="callback">What to do. A state of null says that the heat pump was removed.</param>
    /// <returns>Dispose to end.</returns>
    public IDisposable Subscribe(
        HeatPumpId? heatPump, TimeSpan atMostEvery, Func<IReadOnlyList<(HeatPumpId Id, HeatPumpState? State)>, CancellationToken, Task> callback)
    {
        var subscription = new LiveSubscription(heatPump, atMostEvery, callback, Get, time, End);
        _subscriptions.TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>Sets a heat pump's state and tells the subscribers. Called by its poll loop only.</summary>
    public void Set(HeatPumpState state)
    {
        _states[state.HeatPump.Id] = state;
        Tell(state.HeatPump.Id);
    }

    /// <summary>Forgets a heat pump and tells the subscribers.</summary>
    public void Remove(HeatPumpId id)
    {
        if (_states.TryRemove(id, out _)) Tell(id);
    }

    private void End(LiveSubscription subscription, Exception? fault)
    {
        _subscriptions.TryRemove(subscription, out _);
        if (fault is not null) Log.SubscriberFailed(logger, fault);
    }

    private void Tell(HeatPumpId id)
    {
        foreach (var (subscription, _) in _subscriptions) subscription.Changed(id);
    }

    private HeatPumpState WithAge(HeatPumpState state)
    {
        if (state.Snapshot is not { } snapshot) return state;
        // One from the future was taken before the clock was put back: how old it is, nobody knows.
        var age = time.GetUtcNow() - snapshot.At;
        return age.Duration() <= (state.HeatPump.Interval * 2) + TimeSpan.FromSeconds(1) ? state : state with { Snapshot = Aged(snapshot) };
    }

    private static Snapshot Aged(Snapshot snapshot)
    {
        var readings = new Reading[snapshot.Readings.Count];
        for (var position = 0; position < readings.Length; position++)
        {
            var reading = snapshot.Readings[position];
            readings[position] = reading.IsGood ? reading with { Quality = Quality.Stale, Reason = "no newer value" } : reading;
        }

        return new Snapshot(snapshot.HeatPumpId, snapshot.At, snapshot.Sensors, readings);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3000, Level = LogLevel.Warning, Message = "A subscriber of live values failed and is told no more")]
        public static partial void SubscriberFailed(ILogger logger, Exception exception);
    }
}
