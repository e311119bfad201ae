using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Control;

/// <summary>
/// Remembers which sensors are being written and when they last were, to spare memories of limited write cycles. Thread-safe. Kept in memory only: after a
/// restart one write is let through early.
/// </summary>
internal sealed class WriteLedger(TimeProvider time)
{
    private readonly ConcurrentDictionary<(HeatPumpId HeatPump, SensorKey Sensor), DateTimeOffset> _sent = new();
    private readonly ConcurrentDictionary<(HeatPumpId HeatPump, SensorKey Sensor), byte> _underWay = new();

    /// <summary>Reserves the sensor; false while another write to it is under way.</summary>
    public bool TryBegin(HeatPumpId heatPump, SensorKey sensor) => _underWay.TryAdd((heatPump, sensor), 0);

    /// <summary>Ends the reservation.</summary>
    public void End(HeatPumpId heatPump, SensorKey sensor) => _underWay.TryRemove((heatPump, sensor), out _);

    /// <summary>How long to wait before the sensor may be written again; zero when it may.</summary>
    public TimeSpan WaitFor(HeatPumpId heatPump, SensorKey sensor, TimeSpan minInterval)
    {
        if (!_sent.TryGetValue((heatPump, sensor), out var last)) return TimeSpan.Zero;
        var wait = last + minInterval - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Notes that a value goes out now.</summary>
    public void NoteSent(HeatPumpId heatPump, SensorKey sensor) => _sent[(heatPump, sensor)] = time.GetUtcNow();
}
