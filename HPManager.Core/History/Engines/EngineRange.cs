namespace HPManager.Core.History.Engines;

/// <summary>A range of time as engines understand it: Unix milliseconds, from inclusive, to exclusive.</summary>
/// <param name="From">First moment.</param>
/// <param name="To">First moment behind it.</param>
internal readonly record struct EngineRange(long From, long To)
{
    // From 1970 to 2068: InfluxDB's nanoseconds end with the year 2262, and VictoriaMetrics answers a hundred years at most.
    private const long Earliest = 0;
    private const long Latest = 3_100_000_000_000;

    /// <summary>The range of a question.</summary>
    public static EngineRange Of(HistoryQuery query) => Of(query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds());

    /// <summary>The part of a range in which engines can keep anything.</summary>
    public static EngineRange Of(long from, long to)
    {
        var first = Math.Clamp(from, Earliest, Latest - 1);
        return new EngineRange(first, Math.Clamp(to, first + 1, Latest));
    }

    /// <summary>Whether engines can keep a moment.</summary>
    public static bool CanKeep(long moment) => moment is >= Earliest and < Latest;
}
