namespace HPManager.Core.Polling;

/// <summary>
/// The moments at which heat pumps are polled: whole multiples of the interval since 1970-01-01 UTC, so that 30 s means …:00 and …:30 and that
/// the snapshots of different heat pumps share their timestamps.
/// </summary>
internal static class PollGrid
{
    /// <summary>The first moment of the grid after the given one.</summary>
    public static DateTimeOffset After(DateTimeOffset moment, TimeSpan interval)
    {
        var sinceEpoch = moment - DateTimeOffset.UnixEpoch;
        return DateTimeOffset.UnixEpoch + new TimeSpan(((sinceEpoch.Ticks / interval.Ticks) + 1) * interval.Ticks);
    }

    /// <summary>How many moments of the grid lie after the first and before or at the second.</summary>
    public static long CountBetween(DateTimeOffset after, DateTimeOffset upTo, TimeSpan interval) =>
        upTo <= after ? 0 : ((upTo - DateTimeOffset.UnixEpoch).Ticks / interval.Ticks) - ((after - DateTimeOffset.UnixEpoch).Ticks / interval.Ticks);
}
