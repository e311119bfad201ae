using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>What of the calendar a range covers.</summary>
public enum CalendarSpan
{
    /// <summary>Midnight to midnight: 23, 24 or 25 hours.</summary>
    Day,

    /// <summary>Monday to Sunday.</summary>
    Week,

    /// <summary>The first to the last of a month.</summary>
    Month,

    /// <summary>January to December.</summary>
    Year,
}

/// <summary>A stretch of time that a person can choose: one that ends now, or a day, week, month or year of the viewer's calendar.</summary>
/// <param name="Key">What stands in the URL.</param>
/// <param name="Label">What stands on the button.</param>
/// <param name="Length">Length of one that ends now; null for one of the calendar.</param>
/// <param name="Span">What of the calendar; null for one that ends now.</param>
public sealed record ChartRange(string Key, string Label, TimeSpan? Length, CalendarSpan? Span)
{
    /// <summary>Ends now and moves on.</summary>
    public static readonly IReadOnlyList<ChartRange> Rolling =
    [
        new("15m", "15 min", TimeSpan.FromMinutes(15), null),
        new("1h", "1 h", TimeSpan.FromHours(1), null),
        new("6h", "6 h", TimeSpan.FromHours(6), null),
        new("24h", "24 h", TimeSpan.FromHours(24), null),
    ];

    /// <summary>Of the calendar.</summary>
    public static readonly IReadOnlyList<ChartRange> Calendar =
    [
        new("day", "Day", null, CalendarSpan.Day),
        new("week", "Week", null, CalendarSpan.Week),
        new("month", "Month", null, CalendarSpan.Month),
        new("year", "Year", null, CalendarSpan.Year),
    ];

    /// <summary>Shown when none was chosen.</summary>
    public static ChartRange Default => Rolling[^1];

    /// <summary>The range of a key; the default one for a key that is not known.</summary>
    public static ChartRange Of(string? key) => Rolling.Concat(Calendar).FirstOrDefault(range => range.Key == key) ?? Default;

    /// <summary>First day of the calendar's stretch that a day lies in.</summary>
    public DateOnly FirstDay(DateOnly day) => Span switch
    {
        CalendarSpan.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        CalendarSpan.Month => new DateOnly(day.Year, day.Month, 1),
        CalendarSpan.Year => new DateOnly(day.Year, 1, 1),
        _ => day,
    };

    /// <summary>First day of the stretch so many stretches later; earlier for a negative number.</summary>
    public DateOnly Step(DateOnly first, int count) => Span switch
    {
        CalendarSpan.Week => first.AddDays(7 * count),
        CalendarSpan.Month => first.AddMonths(count),
        CalendarSpan.Year => first.AddYears(count),
        _ => first.AddDays(count),
    };

    /// <summary>From when to when the calendar's stretch of a day lasts in a zone.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Around(DateOnly day, TimeZoneInfo zone)
    {
        var first = FirstDay(day);
        return (LocalTime.StartOf(first, zone), LocalTime.StartOf(Step(first, 1), zone));
    }
}
