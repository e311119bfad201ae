using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// Knows how far a measured value can move between two polls: single wild values (20 kW beside 0.2 kW) occur on real controllers. A value that
/// stays where it jumped to for a second poll is believed. Used by one session.
/// </summary>
internal sealed class JumpGuard(int points)
{
    private const double MaxKilowatts = 10;
    private const double MaxKelvin = 50;

    private readonly double?[] _last = new double?[points];
    private readonly bool[] _jumped = new bool[points];

    /// <summary>Whether the reading lies too far from the one before.</summary>
    public bool IsJump(int position, ModbusPoint point, Reading reading)
    {
        if (reading is not { IsGood: true, Value: { } value } || _last[position] is not { } last || _jumped[position]) return false;
        if (point.Sensor.Access != SensorAccess.Read) return false;
        var limit = point.Sensor.Unit == Unit.Kilowatt ? MaxKilowatts : point.Sensor.Unit == Unit.Celsius ? MaxKelvin : double.PositiveInfinity;
        return Math.Abs(value - last) > limit;
    }

    /// <summary>Takes the reading that the poll ends with.</summary>
    public void Note(int position, Reading reading)
    {
        _jumped[position] = reading.Quality == Quality.Implausible;
        if (reading is { IsGood: true, Value: { } value }) _last[position] = value;
    }
}
