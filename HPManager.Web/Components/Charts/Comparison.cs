using System.Globalization;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>The earlier period that charts are compared with: the same wall clock so much before, or one that begins at a chosen moment.</summary>
/// <param name="Key">What stands in the URL: <c>day</c>, <c>week</c>, <c>month</c>, <c>year</c>, or Unix seconds.</param>
/// <param name="Label">In words, to stand behind "compared with".</param>
/// <param name="Start">The chosen moment; null for one that is so much before.</param>
public sealed record Comparison(string Key, string Label, DateTimeOffset? Start = null)
{
    /// <summary>Those that need no moment.</summary>
    public static readonly IReadOnlyList<Comparison> Offered =
        [new("day", "the day before"), new("week", "the week before"), new("month", "the month before"), new("year", "the year before")];

    /// <summary>One that begins at a moment.</summary>
    public static Comparison From(DateTimeOffset start) => new(ChartWindow.Seconds(start), "an earlier time", start);

    /// <summary>The comparison of the URL; null for none, and for what makes no sense.</summary>
    public static Comparison? Parse(string? key)
    {
        if (Offered.FirstOrDefault(offered => offered.Key == key) is { } known) return known;
        return long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && ChartWindow.Between(seconds, seconds + 60.0) is { } window
            ? From(window.From)
            : null;
    }

    /// <summary>The earlier period of a window, as long as it. Both run from their beginnings: an hour that one of them lacks shifts nothing before it.</summary>
    public ChartWindow Of(ChartWindow window, TimeZoneInfo zone)
    {
        var start = Start ?? LocalTime.At(Before(LocalTime.Of(window.From, zone)), zone);
        return new ChartWindow(start, start + window.Length);
    }

    private DateTime Before(DateTime wall) => wall < DateTime.UnixEpoch.AddYears(2) ? wall : Key switch
    {
        "day" => wall.AddDays(-1),
        "week" => wall.AddDays(-7),
        "month" => wall.AddMonths(-1),
        _ => wall.AddYears(-1),
    };
}
