using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Control;

/// <summary>A value that is sent again and again because the heat pump would forget it.</summary>
/// <param name="HeatPumpId">Whose sensor.</param>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Value">In the sensor's unit, or the code.</param>
/// <param name="Since">When it was written first, UTC.</param>
/// <param name="RequestedBy">Who wrote it.</param>
/// <param name="LastSent">When it was sent last, UTC.</param>
/// <param name="Error">Why the newest repetition did not arrive; null when it did.</param>
public sealed record HeldValue(
    HeatPumpId HeatPumpId, SensorKey Sensor, double Value, DateTimeOffset Since, string RequestedBy, DateTimeOffset LastSent, string? Error = null);
