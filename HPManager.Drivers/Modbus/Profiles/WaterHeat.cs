using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// Heat that water carries, for devices that tell flow and temperatures but no heat: flow × 4.186 kJ/(kg K) × (flow temperature − return), in kW.
/// Taken as 0 where the return is the warmer one, as in a defrost, when heat goes the other way. Pure and thread-safe.
/// </summary>
/// <param name="Sensor">The sensor it is; in kW, read only.</param>
/// <param name="Flow">Position of the water flow, in l/min.</param>
/// <param name="Supply">Position of the temperature behind the heat pump, in °C.</param>
/// <param name="Return">Position of the temperature before it, in °C.</param>
public sealed record WaterHeat(SensorDefinition Sensor, int Flow, int Supply, int Return) : ICalculatedSensor
{
    private const double KilojoulesPerLitreAndKelvin = 4.186;
    private const double SecondsPerMinute = 60;
    private const int Decimals = 2;

    /// <inheritdoc/>
    public IReadOnlyList<int> Needs { get; } = [Flow, Supply, Return];

    /// <summary>The heat; missing, with the reason, unless all three are good. As old as the oldest of them.</summary>
    /// <param name="readings">Readings of the snapshot, at the positions of the sensors.</param>
    /// <param name="at">Timestamp of the snapshot.</param>
    public Reading Of(ReadOnlySpan<Reading> readings, DateTimeOffset at)
    {
        var (flow, supply, back) = (readings[Flow], readings[Supply], readings[Return]);
        if (flow is not { IsGood: true, Value: { } litres } || supply is not { IsGood: true, Value: { } hot } || back is not { IsGood: true, Value: { } cold })
            return Reading.Missing(at, "cannot be calculated: flow, flow temperature or return is missing");
        var heat = litres / SecondsPerMinute * KilojoulesPerLitreAndKelvin * (hot - cold);
        var oldest = new[] { flow.At, supply.At, back.At }.Min();
        return new Reading(Math.Round(Math.Max(0, heat), Decimals), null, Quality.Good, oldest);
    }
}
