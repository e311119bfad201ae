using System.Globalization;

namespace HPManager.Web.Components.Display;

/// <summary>The stretch of time that charts show.</summary>
/// <param name="From">First moment, UTC.</param>
/// <param name="To">Last moment, UTC; later than <paramref name="From"/>.</param>
/// <param name="IsLive">Whether it ends now and moves on with new readings.</param>
public sealed record ChartWindow(DateTimeOffset From, DateTimeOffset To, bool IsLive)
{
    /// <summary>Shortest stretch worth drawing.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>The stretches a person can choose, by the key that stands in the URL.</summary>
    public static readonly IReadOnlyList<(string Key, string Label, TimeSpan Span)> Ranges =
    [
        ("1h", "1 h", TimeSpan.FromHours(1)),
        ("6h", "6 h", TimeSpan.FromHours(6)),
        ("24h", "24 h", TimeSpan.FromHours(24)),
        ("7d", "7 d", TimeSpan.FromDays(7)),
        ("30d", "30 d", TimeSpan.FromDays(30)),
    ];

    /// <summary>Key of the range that is shown when none was chosen.</summary>
    public const string DefaultRange = "24h";

    /// <summary>The stretch of a range's key that ends now; the default one's for a key that is not known.</summary>
    public static ChartWindow Live(string? range, DateTimeOffset now)
    {
        var known = Ranges.FirstOrDefault(offered => offered.Key == range);
        return new ChartWindow(now - (known.Key is null ? Ranges.First(offered => offered.Key == DefaultRange).Span : known.Span), now, IsLive: true);
    }

    /// <summary>A stretch between two moments in Unix seconds, as the URL and the browser give them; null when they make no sense.</summary>
    public static ChartWindow? Between(double? from, double? to)
    {
        var (least, most) = (DateTimeOffset.UnixEpoch.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        if (from is not { } first || to is not { } last || !(first >= least) || !(last <= most) || last <= first) return null;
        var start = DateTimeOffset.FromUnixTimeMilliseconds((long)(first * 1000));
        var end = DateTimeOffset.FromUnixTimeMilliseconds((long)(last * 1000));
        return new ChartWindow(start, end - start < Shortest ? start + Shortest : end, IsLive: false);
    }

    /// <summary>A moment as the URL and the browser take it.</summary>
    public static string Seconds(DateTimeOffset moment) => moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
