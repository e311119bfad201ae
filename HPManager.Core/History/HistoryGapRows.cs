namespace HPManager.Core.History;

/// <summary>
/// Rows without values between polls, so that the line of a chart breaks where polls were left out. What is far apart shows against the spacing on either side of it, so that
/// a change of the interval is no gap.
/// </summary>
internal static class HistoryGapRows
{
    private const int GapIntervals = 3;

    /// <summary>The moments of polls, ascending, in Unix milliseconds, with those of the rows between them.</summary>
    public static List<long> Insert(IReadOnlyList<long> polls)
    {
        var times = new List<long>(polls.Count + 8);
        for (var index = 0; index < polls.Count; index++)
        {
            if (index > 0 && IsGap(polls, index)) times.Add(polls[index - 1] + ((polls[index] - polls[index - 1]) / 2));
            times.Add(polls[index]);
        }

        return times;
    }

    private static bool IsGap(IReadOnlyList<long> polls, int index)
    {
        var before = index >= 2 ? polls[index - 1] - polls[index - 2] : 0;
        var behind = index + 1 < polls.Count ? polls[index + 1] - polls[index] : 0;
        var usual = Math.Max(before, behind);
        return usual > 0 && polls[index] - polls[index - 1] > usual * GapIntervals;
    }
}
