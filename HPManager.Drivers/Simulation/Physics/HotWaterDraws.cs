namespace HPManager.Drivers.Simulation.Physics;

/// <summary>
/// When hot water is drawn, as a function of time and seed alone: six draws a day around breakfast, noon and evening, of different size and a
/// few minutes each. Thread-safe.
/// </summary>
internal sealed class HotWaterDraws(double litresPerDay, int seed)
{
    // Hour of the day (UTC), share of the day's water, minutes it takes.
    private static readonly (double Hour, double Share, double Minutes)[] Habits =
        [(5.6, 0.22, 6), (6.4, 0.16, 5), (11.5, 0.08, 3), (16.9, 0.12, 4), (19.2, 0.14, 4), (20.6, 0.28, 8)];

    /// <summary>Hot water drawn now, litres per minute at 45 °C.</summary>
    public double RateAt(DateTimeOffset at)
    {
        var day = (long)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalDays);
        var hour = at.TimeOfDay.TotalHours;
        var rate = 0.0;
        for (var habit = 0; habit < Habits.Length; habit++)
        {
            var (usual, share, minutes) = Habits[habit];
            var begin = usual + Chance.Of(seed, (day * 16) + habit) - 0.5;
            if (hour < begin || hour >= begin + (minutes / 60)) continue;
            var size = 0.6 + (0.8 * Chance.Of(seed, (day * 16) + habit + 8));
            rate += litresPerDay * share * size / minutes;
        }

        return rate;
    }
}
