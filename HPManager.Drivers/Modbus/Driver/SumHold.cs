using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// Keeps a counter that is the sum of several registers from running backwards while the device moves a part from one to the other: the day's energy
/// into the total at midnight. It then keeps its last reading, with that one's own time, until the sum has passed it. A fall that lasts is believed,
/// as a controller that was exchanged counts from nothing. Used by one session.
/// </summary>
internal sealed class SumHold(IReadOnlyList<ModbusPoint> points)
{
    /// <summary>Longest that a reading is kept; gateway and heat pump exchange some values every half minute or slower.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Reading?[] _last = new Reading?[points.Count];

    /// <summary>The reading to show.</summary>
    public Reading Take(int position, Reading reading)
    {
        if (points[position] is not { Plus.Count: > 0, Sensor.Kind: ValueKind.Counter } || reading is not { IsGood: true, Value: { } value }) return reading;
        if (_last[position] is { Value: { } before } last && value < before && reading.At - last.At < Longest) return last;
        _last[position] = reading;
        return reading;
    }
}
