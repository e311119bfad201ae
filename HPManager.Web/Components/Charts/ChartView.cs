using System.Globalization;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>What a page of charts shows of time, as it stands in the URL: a range, which day of it, or a free stretch, and what it is compared with.</summary>
/// <param name="Range">The range, also while a free stretch of it is shown: zooming out leads back to it.</param>
/// <param name="On">A day of the calendar's stretch; null for the one that is now.</param>
/// <param name="Free">A free stretch, chosen or zoomed to; null for the whole range.</param>
/// <param name="Compare">The earlier period; null for none.</param>
public sealed record ChartView(ChartRange Range, DateOnly? On, ChartWindow? Free, Comparison? Compare)
{
    private const string DayFormat = "yyyy-MM-dd";

    // What the calendar can be asked for, so that neither a zone nor a comparison leads beyond its ends.
    private static readonly DateOnly FirstDay = new(1971, 1, 1);
    private static readonly DateOnly LastDay = new(2999, 12, 31);

    /// <summary>The view of a URL's values; what makes no sense is left out.</summary>
    public static ChartView Parse(string? range, string? on, double? from, double? to, string? compare)
    {
        var isDay = DateOnly.TryParseExact(on, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= FirstDay && day <= LastDay;
        return new ChartView(ChartRange.Of(range), isDay ? day : null, ChartWindow.Between(from, to), Comparison.Parse(compare));
    }

    /// <summary>The values for the URL, null for what is not to stand there.</summary>
    public IReadOnlyDictionary<string, object?> Query => new Dictionary<string, object?>
    {
        ["range"] = Range == ChartRange.Default ? null : Range.Key,
        ["on"] = On?.ToString(DayFormat, CultureInfo.InvariantCulture),
        ["from"] = Free is null ? null : ChartWindow.Seconds(Free.From),
        ["to"] = Free is null ? null : ChartWindow.Seconds(Free.To),
        ["compare"] = Compare?.Key,
    };

    /// <summary>The view that the URL leads to: moments are whole seconds there.</summary>
    public ChartView AsInUrl() => this with { Free = Free is null ? null : ChartWindow.Between(Free.From.ToUnixTimeSeconds(), Free.To.ToUnixTimeSeconds()) };

    /// <summary>Whether another view shows the same stretch of time.</summary>
    public bool ShowsAs(ChartView? other) => other is not null && (Range, On, Free) == (other.Range, other.On, other.Free);

    /// <summary>What is shown at a moment in the viewer's zone.</summary>
    public ChartWindow WindowAt(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (Free is not null) return Free;
        if (Range.Length is { } length) return new ChartWindow(now - length, now, ChartTail.Moves);
        var (from, to) = Range.Around(On ?? LocalTime.DayOf(now, zone), zone);
        return new ChartWindow(from, to, from <= now && now < to ? ChartTail.Fills : ChartTail.None);
    }

    /// <summary>One stretch back or forth. Forth never leads beyond now.</summary>
    public ChartView Step(int count, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (Free is null && Range.Span is not null)
        {
            var today = LocalTime.DayOf(now, zone);
            var day = Range.Step(Range.FirstDay(On ?? today), count);
            if (day < FirstDay) return this;
            return this with { On = day >= Range.FirstDay(today) ? null : day };
        }

        var window = WindowAt(now, zone);
        if (Free is null && count > 0) return this;
        var shifted = new ChartWindow(window.From + (window.Length * count), window.To + (window.Length * count));
        if (shifted.From < new DateTimeOffset(FirstDay, TimeOnly.MinValue, TimeSpan.Zero)) return this;
        return this with { Free = shifted.From >= now || (Range.Length == window.Length && shifted.To >= now) ? null : shifted };
    }

    /// <summary>What is shown, in words and in the viewer's zone.</summary>
    public string Describe(ChartWindow window, Viewer viewer)
    {
        if (window.Tail == ChartTail.Moves) return "Live";
        var (from, to) = (LocalTime.Of(window.From, viewer.Zone), LocalTime.Of(window.To, viewer.Zone));
        if (Free is null && Range.Span is { } span)
        {
            var last = to.AddDays(-1);
            return span switch
            {
                CalendarSpan.Day => Text(from, "ddd d MMM yyyy"),
                CalendarSpan.Week => $"{Text(from, from.Month == last.Month ? "%d" : from.Year == last.Year ? "d MMM" : "d MMM yyyy")} – {Text(last, "d MMM yyyy")}",
                CalendarSpan.Month => Text(from, "MMMM yyyy"),
                _ => Text(from, "yyyy"),
            };
        }

        return $"{Text(from, from.Year == to.Year ? "d MMM HH:mm" : "d MMM yyyy HH:mm")} – {Text(to, from.Date == to.Date ? "HH:mm" : "d MMM yyyy HH:mm")}";
    }

    private static string Text(DateTime wall, string format) => wall.ToString(format, CultureInfo.InvariantCulture);
}
