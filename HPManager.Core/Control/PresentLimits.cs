using HPManager.Core.Sensors;

namespace HPManager.Core.Control;

/// <summary>Narrows what may be written to what the heat pump allows at the moment, where it tells.</summary>
public static class PresentLimits
{
    /// <summary>
    /// The sensor with the range that holds now: its own, and within it the readings of <see cref="SensorDefinition.Limits"/>, brought to the next step
    /// inside. A limit without a good reading does not narrow. The same object when nothing does.
    /// </summary>
    /// <param name="sensor">The sensor.</param>
    /// <param name="snapshot">The newest readings; null for none.</param>
    public static SensorDefinition Within(this SensorDefinition sensor, Snapshot? snapshot)
    {
        if (sensor.Limits is not { } limits || snapshot is null) return sensor;
        var (own, step) = (sensor.Range, sensor.Range.Step ?? 0);
        var origin = own.Min ?? 0;
        var min = Reading(limits.Min) is { } low ? Math.Max(own.Min ?? low, OnStep(low, Math.Ceiling)) : own.Min;
        var max = Reading(limits.Max) is { } high ? Math.Min(own.Max ?? high, OnStep(high, Math.Floor)) : own.Max;
        return sensor with { Range = own with { Min = min, Max = max } };

        double? Reading(SensorKey? key) => key is { } named && snapshot[named] is { IsGood: true, Value: { } value } ? value : null;

        // A limit of 25.35 allows 26 where whole degrees are written.
        double OnStep(double value, Func<double, double> round) => step <= 0 ? value : origin + (round(Math.Round((value - origin) / step, 6)) * step);
    }
}
