namespace HPManager.Core.History.Engines;

/// <summary>A range of time as engines understand it: Unix milliseconds, from inclusive, to exclusive.</summary>
/// <param name="From">First moment.</param>
/// <param name="To">First moment behind it.</param>
internal readonly record struct EngineRange(long From, long To)
{
    // From 1971 to 2068. VictoriaMetrics answers a hundred years at most, and nothing at all when what it looks through begins before 1970, which is earlier than what is asked for.
    private const long Earliest = 31_536_000_000;
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
