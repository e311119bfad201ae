using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>
/// Controllers let counters fall back a little after a restart, and for single polls by mistake. A counter that is lower than before is believed when
/// it reads the same twice. Used by one session.
/// </summary>
internal sealed class CounterGuard(SensorSet sensors)
{
    private readonly double?[] _believed = new double?[sensors.Count];
    private readonly double?[] _lower = new double?[sensors.Count];

    /// <summary>The reading, flagged when the counter fell and has not stayed there yet.</summary>
    public Reading Judge(int position, Reading reading)
    {
        if (sensors[position].Kind != ValueKind.Counter || reading is not { IsGood: true, Value: { } value }) return reading;
        if (_believed[position] is { } before && value < before && _lower[position] != value)
        {
            _lower[position] = value;
            return reading with { Quality = Quality.Implausible, Reason = "fell back since the last poll" };
        }

        _believed[position] = value;
        _lower[position] = null;
        return reading;
    }
}
