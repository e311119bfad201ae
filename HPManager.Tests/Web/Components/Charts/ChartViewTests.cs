using System.Globalization;
using HPManager.Web.Components.Charts;
using HPManager.Web.Components.Display;

namespace HPManager.Tests.Web.Components.Charts;

public class ChartViewTests
{
    private static readonly DateTimeOffset Now = At("2026-11-21T14:05:00Z");
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Theory]
    [InlineData("15m", 0.25)]
    [InlineData("24h", 24)]
    [InlineData("nonsense", 24)]
    [InlineData(null, 24)]
    public void WindowAt_RangeThatEndsNow_EndsNow(string? range, double hours) =>
        Assert.Equal(new ChartWindow(Now.AddHours(-hours), Now, ChartTail.Moves), View(range).WindowAt(Now, Vienna));

    [Theory]
    [InlineData("Europe/Vienna", "day", "2026-03-29", "2026-03-28T23:00:00Z", 23)]
    [InlineData("Europe/Vienna", "day", "2026-10-25", "2026-10-24T22:00:00Z", 25)]
    [InlineData("Europe/Vienna", "day", "2026-10-26", "2026-10-25T23:00:00Z", 24)]
    [InlineData("Europe/Vienna", "week", "2026-10-25", "2026-10-18T22:00:00Z", 169)]
    [InlineData("Europe/Vienna", "month", "2026-03-29", "2026-02-28T23:00:00Z", (31 * 24) - 1)]
    [InlineData("Europe/Vienna", "year", "2026-03-29", "2025-12-31T23:00:00Z", 365 * 24)]
    [InlineData("Asia/Kolkata", "day", "2026-03-29", "2026-03-28T18:30:00Z", 24)]
    [InlineData("Australia/Lord_Howe", "day", "2026-10-04", "2026-10-03T13:30:00Z", 23.5)]
    [InlineData("America/Santiago", "day", "2026-09-06", "2026-09-06T04:00:00Z", 23)]
    public void WindowAt_CalendarRange_IsThatOfTheViewersZone(string zone, string range, string day, string from, double hours)
    {
        var window = View(range, on: day).WindowAt(Now, TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal((At(from), TimeSpan.FromHours(hours)), (window.From, window.Length));
    }

    [Fact]
    public void WindowAt_Today_FillsUp() =>
        Assert.Equal(new ChartWindow(At("2026-11-20T23:00:00Z"), At("2026-11-21T23:00:00Z"), ChartTail.Fills), View("day").WindowAt(Now, Vienna));

    [Fact]
    public void Step_Days_LeadBackAndToTodayAgain()
    {
        var yesterday = View("day").Step(-1, Now, Vienna);

        Assert.Equal(new DateOnly(2026, 11, 20), yesterday.On);
        Assert.Null(yesterday.Step(1, Now, Vienna).On);
    }

    [Fact]
    public void Step_RangeThatEndsNow_LeadsBackAndToNowAgain()
    {
        var before = View("6h").Step(-1, Now, Vienna);

        Assert.Equal(new ChartWindow(Now.AddHours(-12), Now.AddHours(-6)), before.Free);
        Assert.Null(before.Step(1, Now, Vienna).Free);
    }

    [Theory]
    [InlineData("day", "2026-10-26", "2026-10-24T22:00:00Z")]
    [InlineData("week", "2026-03-30", "2026-03-22T23:00:00Z")]
    [InlineData("month", "2026-03-31", "2026-02-27T23:00:00Z")]
    [InlineData("year", "2028-02-29", "2027-02-27T23:00:00Z")]
    public void Compare_PeriodBefore_BeginsAtTheSameWallClock(string compare, string day, string from)
    {
        var window = View("day", on: day).WindowAt(Now, Vienna);

        Assert.Equal(At(from), Comparison.Parse(compare)!.Of(window, Vienna).From);
    }

    [Fact]
    public void Compare_ChosenStart_IsTaken()
    {
        var window = View("day").WindowAt(Now, Vienna);

        Assert.Equal(At("2026-01-01T00:00:00Z"), Comparison.Parse("1767225600")!.Of(window, Vienna).From);
        Assert.Null(Comparison.Parse("99999999999999999"));
    }

    [Theory]
    [InlineData("2026-03-29T02:30:00", false, "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25T02:30:00", false, "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T02:30:00", true, "2026-10-25T01:30:00Z")]
    public void LocalTime_HourLeftOutOrRepeated_IsAMoment(string wall, bool second, string moment) =>
        Assert.Equal(At(moment), LocalTime.At(DateTime.Parse(wall, CultureInfo.InvariantCulture), Vienna, second));

    [Fact]
    public void Query_OfAView_LeadsToTheSameView()
    {
        var view = View("week", on: "2026-10-20", compare: "year");

        Assert.Equal(view, ChartView.Parse((string?)view.Query["range"], (string?)view.Query["on"], null, null, (string?)view.Query["compare"]));
    }

    [Theory]
    [InlineData("day", "2026-10-25", "Sun 25 Oct 2026")]
    [InlineData("week", "2026-10-01", "28 Sep – 4 Oct 2026")]
    [InlineData("month", "2026-10-01", "October 2026")]
    [InlineData("year", "2025-10-01", "2025")]
    public void Describe_CalendarRange_IsNamed(string range, string day, string words)
    {
        var view = View(range, on: day);
        var viewer = new Viewer(TimeProvider.System);

        Assert.Equal(words, view.Describe(view.WindowAt(Now, TimeZoneInfo.Utc), viewer));
    }

    private static ChartView View(string? range, string? on = null, string? compare = null) => ChartView.Parse(range, on, null, null, compare);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
