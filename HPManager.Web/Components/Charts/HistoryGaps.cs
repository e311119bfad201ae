namespace HPManager.Web.Components.Charts;

/// <summary>Where nobody measured, so that no line is drawn over it.</summary>
internal static class HistoryGaps
{
    private const double MissedPolls = 3.5;
    private const double EmptyBuckets = 2.5;
    private const int Neighbours = 2;

    /// <summary>The distance between two rows up to which nothing is missing, by the present interval and the thinning.</summary>
    public static TimeSpan LongestJoin(TimeSpan interval, TimeSpan bucketWidth) =>
        TimeSpan.FromTicks(Math.Max((interval * MissedPolls).Ticks, (bucketWidth * EmptyBuckets).Ticks));

    /// <summary>
    /// Whether something is missing before a row. The rows around it tell how densely was measured then: the interval may have been another one.
    /// </summary>
    public static bool IsBefore(IReadOnlyList<DateTimeOffset> times, int row, TimeSpan longestJoin)
    {
        if (row == 0) return false;
        var distance = times[row] - times[row - 1];
        return distance > longestJoin && distance > UsualAround(times, row) * MissedPolls;
    }

    private static TimeSpan UsualAround(IReadOnlyList<DateTimeOffset> times, int row)
    {
        var around = new List<TimeSpan>(Neighbours * 2);
        for (var offset = 1; offset <= Neighbours; offset++)
        {
            if (row - offset > 0) around.Add(times[row - offset] - times[row - offset - 1]);
            if (row + offset < times.Count) around.Add(times[row + offset] - times[row + offset - 1]);
        }

        around.Sort();
        return around.Count == 0 ? TimeSpan.Zero : around[around.Count / 2];
    }
}
