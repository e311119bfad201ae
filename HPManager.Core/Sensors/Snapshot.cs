using HPManager.Core.HeatPumps;

namespace HPManager.Core.Sensors;

/// <summary>
/// All readings of one heat pump from one poll, under one timestamp on the poll grid. Immutable and thread-safe.
/// </summary>
public sealed class Snapshot
{
    private readonly Reading[] _readings;

    /// <summary>Creates a snapshot; it takes ownership of the array.</summary>
    /// <exception cref="ArgumentException">There are not as many readings as sensors.</exception>
    public Snapshot(HeatPumpId heatPumpId, DateTimeOffset at, SensorSet sensors, Reading[] readings)
    {
        if (readings.Length != sensors.Count)
            throw new ArgumentException($"{readings.Length} readings for {sensors.Count} sensors", nameof(readings));
        HeatPumpId = heatPumpId;
        At = at;
        Sensors = sensors;
        _readings = readings;
    }

    /// <summary>Whose readings these are.</summary>
    public HeatPumpId HeatPumpId { get; }

    /// <summary>The planned time of the poll, UTC, on the grid.</summary>
    public DateTimeOffset At { get; }

    /// <summary>What was read, in the order of <see cref="Readings"/>.</summary>
    public SensorSet Sensors { get; }

    /// <summary>One reading a sensor, at the sensor's position.</summary>
    public IReadOnlyList<Reading> Readings => _readings;

    /// <summary><see cref="Readings"/>, without a call for each.</summary>
    internal ReadOnlySpan<Reading> Span => _readings;

    /// <summary>The reading of a sensor; null when the heat pump does not have it.</summary>
    public Reading? this[SensorKey key] => Sensors.PositionOf(key) is >= 0 and var position ? _readings[position] : null;

    /// <summary>The reading of the first sensor with the signal; null when the heat pump does not have it.</summary>
    public Reading? this[Signal signal] => Sensors.PositionOf(signal) is >= 0 and var position ? _readings[position] : null;
}
