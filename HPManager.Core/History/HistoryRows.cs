namespace HPManager.Core.History;

/// <summary>
/// Where polls were left out. A row without values between two polls makes the line of a chart break. What is far apart shows against the spacing on either side of it, so
/// that a change of the interval is no gap. The same for every source.
/// </summary>
internal static class HistoryRows
{
    // Polls further apart than this many times their neighbours are a gap.
    private const int Intervals = 3;

    /// <summary>The polls, and a moment in the middle of each gap between them.</summary>
    /// <param name="polls">Moments in Unix milliseconds, strictly ascending.</param>
    public static List<long> WithGaps(IReadOnlyList<long> polls)
    {
        var times = new List<long>(polls.Count + 8);
        for (var index = 0; index < polls.Count; index++)
        {
            if (index > 0 && IsGap(polls, index)) times.Add((polls[index] + polls[index - 1]) / 2);
            times.Add(polls[index]);
        }

        return times;
    }

    private static bool IsGap(IReadOnlyList<long> polls, int index)
    {
        var before = index >= 2 ? polls[index - 1] - polls[index - 2] : 0;
        var behind = index + 1 < polls.Count ? polls[index + 1] - polls[index] : 0;
        var usual = Math.Max(before, behind);
        return usual > 0 && polls[index] - polls[index - 1] > usual * Intervals;
    }
}
