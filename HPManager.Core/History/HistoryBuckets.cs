namespace HPManager.Core.History;

/// <summary>
/// The buckets that a range is thinned to, the same for every source: of a width that people count in, aligned to whole multiples of it since the Unix
/// epoch, each from its first moment, inclusive, to the next one's, exclusive. Whole hours from an hour on, whole days from a day on, so that kept
/// aggregates can answer.
/// </summary>
public readonly record struct HistoryBuckets
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private static readonly long[] Short =
    [
        1, 2, 5, 10, 20, 50, 100, 200, 500,
        Second, 2 * Second, 3 * Second, 4 * Second, 5 * Second, 6 * Second, 10 * Second, 12 * Second, 15 * Second, 20 * Second, 30 * Second,
        Minute, 2 * Minute, 3 * Minute, 4 * Minute, 5 * Minute, 6 * Minute, 10 * Minute, 12 * Minute, 15 * Minute, 20 * Minute, 30 * Minute,
    ];

    private HistoryBuckets(long first, long width, int count)
    {
        First = first;
        Width = width;
        Count = count;
    }

    /// <summary>First moment of the first bucket, Unix milliseconds; at or before the range.</summary>
    public long First { get; }

    /// <summary>Width in milliseconds, at least 1.</summary>
    public long Width { get; }

    /// <summary>How many there are; at least 1.</summary>
    public int Count { get; }

    /// <summary>The buckets of a range: the narrowest of which at most so many are needed.</summary>
    /// <param name="from">First moment, inclusive.</param>
    /// <param name="to">Last moment, exclusive; later than <paramref name="from"/>.</param>
    /// <param name="most">At most so many, at least <see cref="HistoryQuery.MinPoints"/>.</param>
    public static HistoryBuckets Of(DateTimeOffset from, DateTimeOffset to, int most)
    {
        var (first, last) = (from.ToUnixTimeMilliseconds(), Math.Max(to.ToUnixTimeMilliseconds(), from.ToUnixTimeMilliseconds() + 1));
        foreach (var width in Widths((last - first) / most))
        {
            var start = Floor(first, width);
            var count = (last - start + width - 1) / width;
            if (count <= most) return new HistoryBuckets(start, width, (int)count);
        }

        throw new ArgumentOutOfRangeException(nameof(most), most, $"Must be at least {HistoryQuery.MinPoints}.");
    }

    /// <summary>The bucket that a moment in Unix milliseconds lies in; outside of 0 to <see cref="Count"/> - 1 for one outside of the buckets.</summary>
    public long IndexOf(long moment) => (Floor(moment, Width) - First) / Width;

    /// <summary>First moment of a bucket, Unix milliseconds.</summary>
    public long StartOf(int bucket) => First + (bucket * Width);

    /// <summary>The first moments of all.</summary>
    public DateTimeOffset[] Times()
    {
        var times = new DateTimeOffset[Count];
        for (var bucket = 0; bucket < Count; bucket++) times[bucket] = DateTimeOffset.FromUnixTimeMilliseconds(StartOf(bucket));
        return times;
    }

    // From the first that may be wide enough on, without an end; moments end long before the numbers do.
    private static IEnumerable<long> Widths(long least)
    {
        foreach (var width in Short.Where(width => width >= least)) yield return width;
        for (var hours = Math.Max(1, least / Hour); hours < 24; hours++) yield return hours * Hour;
        for (var days = Math.Max(1, least / Day); ; days++) yield return days * Day;
    }

    private static long Floor(long moment, long width) => moment - (((moment % width) + width) % width);
}
