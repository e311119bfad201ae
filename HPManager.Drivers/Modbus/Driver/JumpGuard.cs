using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// Knows how far a measured value can move between two polls: single wild values (20 kW beside 0.2 kW) occur on real controllers. A value that
/// stays where it jumped to for a second poll is believed. Used by one session.
/// </summary>
internal sealed class JumpGuard(SensorSet sensors)
{
    private const double MaxKilowatts = 15;
    private const double MaxKelvin = 50;

    // Over a longer time anything can happen.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    private readonly (double Value, DateTimeOffset At)?[] _last = new (double, DateTimeOffset)?[sensors.Count];
    private readonly bool[] _jumped = new bool[sensors.Count];

    /// <summary>Whether the reading lies too far from the one before.</summary>
    public bool IsJump(int position, Reading reading)
    {
        if (reading is not { IsGood: true, Value: { } value } || _jumped[position]) return false;
        if (_last[position] is not { } last || reading.At - last.At > MaxAge) return false;
        return Math.Abs(value - last.Value) > LimitOf(sensors[position]);
    }

    /// <summary>Takes the reading that the poll ends with.</summary>
    public void Note(int position, Reading reading)
    {
        _jumped[position] = reading.Quality == Quality.Implausible;
        if (reading is { IsGood: true, Value: { } value }) _last[position] = (value, reading.At);
    }

    // What can be written jumps when somebody writes it.
    private static double LimitOf(SensorDefinition sensor)
    {
        if (sensor.Access != SensorAccess.Read) return double.PositiveInfinity;
        if (sensor.Unit == Unit.Kilowatt) return MaxKilowatts;
        return sensor.Unit == Unit.Celsius ? MaxKelvin : double.PositiveInfinity;
    }
}
