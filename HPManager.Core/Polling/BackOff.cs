namespace HPManager.Core.Polling;

/// <summary>
/// How long to leave a heat pump alone that does not answer: one interval at first, doubling, at most a minute (or one interval, if that is longer),
/// and up to a tenth longer by chance, so that many pumps behind one failed switch do not come back in step.
/// </summary>
internal static class BackOff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The pause after so many failures in a row.</summary>
    /// <param name="failures">At least 1.</param>
    /// <param name="interval">The heat pump's interval.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan After(int failures, TimeSpan interval, double chance)
    {
        var longest = interval > Longest ? interval : Longest;
        var doubled = interval * Math.Pow(2, Math.Min(failures - 1, 16));
        var pause = failures == 1 ? TimeSpan.Zero : doubled < longest ? doubled : longest;
        return pause * (1 + (0.1 * chance));
    }
}
