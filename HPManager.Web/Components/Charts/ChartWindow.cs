using System.Globalization;

namespace HPManager.Web.Components.Charts;

/// <summary>What new readings do to a chart.</summary>
public enum ChartTail
{
    /// <summary>Nothing: it shows the past.</summary>
    None,

    /// <summary>They run in, and what it shows moves on with them.</summary>
    Moves,

    /// <summary>They run in; what it shows stays until it is full, as with today.</summary>
    Fills,
}

/// <summary>The stretch of time that charts show.</summary>
/// <param name="From">First moment, UTC.</param>
/// <param name="To">Last moment, UTC; later than <paramref name="From"/>.</param>
/// <param name="Tail">What new readings do.</param>
public sealed record ChartWindow(DateTimeOffset From, DateTimeOffset To, ChartTail Tail = ChartTail.None)
{
    /// <summary>Shortest stretch worth drawing.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Longest stretch that is asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366 * 50);

    /// <summary>Whether new readings run in.</summary>
    public bool IsLive => Tail != ChartTail.None;

    /// <summary>Its length.</summary>
    public TimeSpan Length => To - From;

    /// <summary>A stretch between two moments in Unix seconds, as the URL and the browser give them; null when they make no sense.</summary>
    public static ChartWindow? Between(double? from, double? to)
    {
        var (least, most) = (DateTimeOffset.UnixEpoch.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (2 * Longest.TotalSeconds));
        if (from is not { } first || to is not { } last || !(first >= least) || !(last <= most) || last <= first) return null;
        var start = DateTimeOffset.FromUnixTimeMilliseconds((long)(first * 1000));
        var end = DateTimeOffset.FromUnixTimeMilliseconds((long)(last * 1000));
        if (end - start > Longest) return null;
        return new ChartWindow(start, end - start < Shortest ? start + Shortest : end);
    }

    /// <summary>A moment as the URL and the browser take it.</summary>
    public static string Seconds(DateTimeOffset moment) => moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
