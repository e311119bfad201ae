namespace HPManager.Drivers.Simulation.Physics;

/// <summary>
/// Outdoor temperature and sun as a function of time and seed alone: a sine of the year, one of the day, and slow waves of two to twelve days whose phases
/// come from the seed. Thread-safe.
/// </summary>
internal sealed class Weather
{
    private static readonly (double Days, double Kelvin)[] Waves = [(2.3, 1.6), (5.1, 2.2), (11.7, 2.0)];
    private readonly PlantParameters _parameters;
    private readonly double[] _phases;

    public Weather(PlantParameters parameters, int seed)
    {
        _parameters = parameters;
        _phases = [.. Waves.Select((_, index) => 2 * Math.PI * Chance.Of(seed, index))];
    }

    /// <summary>Outdoor temperature in °C.</summary>
    public double Outdoor(DateTimeOffset at)
    {
        var days = (at - DateTimeOffset.UnixEpoch).TotalDays;
        var year = -_parameters.OutdoorYearAmplitude * Math.Cos(2 * Math.PI * (days - 15) / 365.2425);
        var day = _parameters.OutdoorDayAmplitude * Math.Cos(2 * Math.PI * (days - (15.0 / 24)));
        var slow = 0.0;
        for (var wave = 0; wave < Waves.Length; wave++)
            slow += Waves[wave].Kelvin * Math.Sin((2 * Math.PI * days / Waves[wave].Days) + _phases[wave]);
        return _parameters.OutdoorMean + year + day + slow;
    }

    /// <summary>Heat from the sun through the windows in kW: a half sine from 6:00 to 18:00 UTC.</summary>
    public double Sun(DateTimeOffset at) =>
        Math.Max(0, Math.Sin(2 * Math.PI * (at.TimeOfDay.TotalDays - 0.25))) * _parameters.SolarGains;
}

/// <summary>Numbers from 0 to 1 that depend on a seed and an index alone (SplitMix64, Steele et al. 2014).</summary>
internal static class Chance
{
    public static double Of(int seed, long index)
    {
        var z = unchecked(((ulong)(uint)seed << 32) + ((ulong)index * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }
}
