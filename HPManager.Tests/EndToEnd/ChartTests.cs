using System.Globalization;
using System.Text.RegularExpressions;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>Charts over a known past in a real browser: what a gesture shows is read in finer buckets, and the view stands in the URL.</summary>
public sealed partial class ChartTests(Browser browser, HouseWithPast house) : IClassFixture<Browser>, IClassFixture<HouseWithPast>
{
    private const string Figure = "figure:not(.timeline)";

    private string LastYear => $"from={house.Until.AddDays(-300).ToUnixTimeSeconds()}&to={house.Until.ToUnixTimeSeconds()}";

    private string LastDays => $"from={house.Until.AddDays(-9).ToUnixTimeSeconds()}&to={house.Until.ToUnixTimeSeconds()}";

    [Fact]
    public async Task Zoom_DragOverAStretch_ReadsFinerDataAndBackLeadsOut()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&{LastYear}");
        var coarse = await BucketAsync(visitor.Page);

        await DragAsync(visitor.Page, 0.5, 0.7);
        var finer = await BucketAsync(visitor.Page, coarse);
        await UrlTellsAsync(visitor.Page);
        await DragAsync(visitor.Page, 0.2, 0.3);
        var finest = await BucketAsync(visitor.Page, finer);
        await UrlTellsAsync(visitor.Page);

        Assert.True(coarse > finer && finer > finest, $"{coarse} s, {finer} s, {finest} s");
        await visitor.Page.GoBackAsync();
        Assert.Equal(finer, await BucketAsync(visitor.Page, finest));
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Zoom_WheelWithCtrl_ReadsFinerDataWithoutAStepInTheHistory()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&{LastYear}");
        var page = visitor.Page;
        var coarse = await BucketAsync(page);
        var steps = await page.EvaluateAsync<int>("() => history.length");

        await page.Locator($"{Figure} .u-over").First.HoverAsync();
        await page.Keyboard.DownAsync("Control");
        await page.Mouse.WheelAsync(0, -500);
        await page.Keyboard.UpAsync("Control");

        Assert.True(await BucketAsync(page, coarse) < coarse);
        Assert.Equal(steps, await page.EvaluateAsync<int>("() => history.length"));
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Pan_ShiftAndDrag_MovesTheStretchAndReadsIt()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&{LastDays}");
        var page = visitor.Page;
        var (from, to) = await StretchAsync(page);

        await page.Keyboard.DownAsync("Shift");
        await DragAsync(page, 0.4, 0.6);
        await page.Keyboard.UpAsync("Shift");

        await page.WaitForFunctionAsync("former => document.querySelector('figure').dataset.from !== former", from.ToString(CultureInfo.InvariantCulture));
        var (movedFrom, movedTo) = await StretchAsync(page);
        Assert.InRange(from - movedFrom, 0.15 * (to - from), 0.25 * (to - from));
        Assert.InRange((movedTo - movedFrom) - (to - from), -2, 2);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Keys_OnTheFocusedChart_ReadZoomMoveAndLeadOut()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&range=week&on={house.Until.AddDays(-3):yyyy-MM-dd}&sensors=outdoor_temperature,hp_flow_temperature");
        var page = visitor.Page;
        var (from, to) = await StretchAsync(page);
        var plot = page.Locator($"{Figure} .hp-plot").First;
        await plot.FocusAsync();

        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator($"{Figure} [role=status]").First).ToContainTextAsync(Spoken());
        await page.Keyboard.PressAsync("+");
        await page.WaitForURLAsync("**from=**");
        await UrlTellsAsync(page);
        var (zoomedFrom, zoomedTo) = await StretchAsync(page);
        Assert.True(zoomedTo - zoomedFrom < to - from);
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.WaitForFunctionAsync("former => Number(document.querySelector('figure').dataset.from) > former", zoomedFrom);
        await UrlTellsAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForFunctionAsync("() => !location.search.includes('from=')");

        await page.WaitForFunctionAsync("former => Number(document.querySelector('figure').dataset.from) === former", from);
        Assert.Equal((from, to), await StretchAsync(page));
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Compare_WeekBefore_TellsBothAndTheDifference()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&range=day&on={house.Until.AddDays(-1):yyyy-MM-dd}&sensors=outdoor_temperature");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "The week before" }).ClickAsync();

        await page.WaitForURLAsync("**compare=week**");
        await Assertions.Expect(page.Locator($"{Figure} .hp-legend small").First).ToContainTextAsync(Difference());
        await page.GetByRole(AriaRole.Button, new() { Name = "Show as table" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("figure th[scope=col]")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "End the comparison" }).ClickAsync();
        await Assertions.Expect(page.Locator("figure th[scope=col]")).ToHaveCountAsync(2);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task History_SentLink_ShowsTheSame()
    {
        await using var visitor = await OpenAsync("/history");
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Barn", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Barn", Exact = true })).ToHaveAttributeAsync("aria-pressed", "false");
        await page.GetByRole(AriaRole.Button, new() { Name = "Barn", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose sensors" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search sensors" }).FillAsync("outdoor_temperature every");
        await page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Month", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Earlier", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**on=**");
        var told = await ToldAsync(page);
        Assert.Contains("Barn: Outdoor temperature", told, StringComparison.Ordinal);

        await using var other = await OpenAsync(new Uri(page.Url).PathAndQuery);

        Assert.Equal(told, await ToldAsync(other.Page));
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => !location.search.includes('on=')");
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Table_ThinnedChart_TellsSmallestAndLargest()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&{LastYear}&sensors=hp_flow_temperature");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show as table" }).First.ClickAsync();

        await Assertions.Expect(visitor.Page.Locator("figure td").First).ToContainTextAsync(MeanAndRange());
    }

    [Fact]
    public async Task Marks_FaultAndGapOfThePast_AreListedAndTold()
    {
        await using var visitor = await OpenAsync($"/heatpumps/hp-001?tab=chart&{LastDays}");

        await visitor.Page.Locator("details.events summary").ClickAsync();

        var events = await visitor.Page.Locator("details.events li span").AllInnerTextsAsync();
        Assert.Equal(["Fault 712 gone", "Fault 712", "No readings for 3 h"], events.Select(text => Rounded().Replace(text.Split(':')[0], "3 h")));
    }

    /// <summary>Ticks stand on whole hours of the wall clock, over the hour that is left out, the one that comes twice, and half an hour beside UTC.</summary>
    [Theory]
    [InlineData("Europe/Vienna", "2026-03-28T23:00:00Z", 23, "00:00 01:00 03:00 04:00 05:00")]
    [InlineData("Europe/Vienna", "2026-10-24T22:00:00Z", 25, "00:00 01:00 02:00 02:00 03:00")]
    [InlineData("Asia/Kolkata", "2026-03-28T18:30:00Z", 24, "00:00 01:00 02:00 03:00 04:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T13:30:00Z", 23.5, "00:00 01:00 03:00 04:00 05:00")]
    public async Task Ticks_DayOfAZone_StandOnItsClock(string zone, string from, double hours, string first)
    {
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);
        await visitor.Page.GotoAsync("/");

        var labels = await visitor.Page.EvaluateAsync<string[]>(
            """
            async ([zone, from, hours]) => {
              const { WallClock } = await import("/js/chart/time.js");
              const clock = new WallClock(zone);
              const begin = Date.parse(from) / 1000;
              return clock.labels(clock.ticks(begin, begin + hours * 3600, hours)).map(label => label.split("\n")[0]);
            }
            """,
            new object[] { zone, from, hours });

        Assert.Equal(first, string.Join(' ', labels.Take(5)));
    }

    [Fact]
    public async Task Cursor_InTheHourThatComesTwice_TellsTheOffset()
    {
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);
        await visitor.Page.GotoAsync("/");

        var texts = await visitor.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const { WallClock } = await import("/js/chart/time.js");
              const [from, to] = ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"].map(text => Date.parse(text) / 1000);
              return ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map(text => new WallClock("Europe/Vienna").text(Date.parse(text) / 1000, from, to));
            }
            """);

        Assert.Equal(["Sun 25 Oct 2026, 02:30:00 (UTC+2)", "Sun 25 Oct 2026, 02:30:00 (UTC+1)"], texts);
    }

    /// <summary>Two lanes whose states change at other moments: 1 from 10 until a gap at 50; 2 from 20, 3 from 40 until a gap at 60.</summary>
    [Theory]
    [InlineData(true, "1 . . null .", ". 2 3 . null")]
    [InlineData(false, "1 null null null null", ". 2 3 null null")]
    public async Task Align_GapAtTheEndOfASeries_StatesHoldUntilThereAndLinesDoNot(bool isTimeline, string first, string second)
    {
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);
        await visitor.Page.GotoAsync("/");

        var columns = await visitor.Page.EvaluateAsync<string[]>(
            """
            async isTimeline => {
              const { align, targets } = await import("/js/chart/data.js");
              const block = (series, times, values) => ({ bucket: 0, join: 9, targets: [series * targets], times, columns: [values] });
              const data = align([block(0, [10, 50], [1, null]), block(1, [20, 40, 60], [2, 3, null])], 2 * targets, isTimeline);
              return [0, 1].map(series => data[0].map((_, row) => data[series * targets + 1][row]).map(value => value === undefined ? "." : String(value)).join(" "));
            }
            """,
            isTimeline);

        Assert.Equal([first, second], columns);
    }

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task History_EveryScreenInBothThemes_FitsAndIsAccessible()
    {
        foreach (var screen in new[] { Screen.Desktop, Screen.Tablet, Screen.Phone })
        {
            foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var visitor = await OpenAsync($"/history?range=day&on={house.Until.AddDays(-1):yyyy-MM-dd}&compare=day", screen, colours);
                await visitor.AssertNoSidewaysScrollAsync();
                await Axe.AssertAccessibleAsync(visitor.Page);
                if (screen != Screen.Tablet) await Album.KeepAsync(visitor, $"history-{screen.Name}-{colours.ToString().ToLowerInvariant()}");
                visitor.AssertNoComplaints();
            }
        }
    }

    private async Task<Visitor> OpenAsync(string path, Screen? screen = null, ColorScheme colours = ColorScheme.Light)
    {
        var visitor = await browser.OpenAsync(house.Server.Address, screen ?? Screen.Desktop, colours);
        await visitor.Page.GotoAsync(path);
        await visitor.Page.Locator("figure[data-bucket-seconds] canvas").First.WaitForAsync();
        return visitor;
    }

    /// <summary>The width of the buckets that are drawn, once it is another one than before.</summary>
    private static async Task<double> BucketAsync(IPage page, double? former = null)
    {
        const string Bucket = "former => { const bucket = document.querySelector('figure').dataset.bucketSeconds; return bucket && Number(bucket) !== former ? bucket : null; }";
        var bucket = await page.WaitForFunctionAsync(Bucket, former);
        return double.Parse(await bucket.JsonValueAsync<string>(), CultureInfo.InvariantCulture);
    }

    private static async Task<(double From, double To)> StretchAsync(IPage page)
    {
        var stretch = await page.EvaluateAsync<double[]>("() => { const { from, to } = document.querySelector('figure').dataset; return [Number(from), Number(to)]; }");
        return (stretch[0], stretch[1]);
    }

    /// <summary>The chart follows at once, the URL a moment later.</summary>
    private static async Task UrlTellsAsync(IPage page) =>
        await page.WaitForFunctionAsync("() => new URLSearchParams(location.search).get('from') === document.querySelector('figure').dataset.from");

    private static async Task DragAsync(IPage page, double from, double to)
    {
        var box = (await page.Locator($"{Figure} .u-over").First.BoundingBoxAsync())!;
        var y = box.Y + (box.Height / 2);
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * from)), y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * (from + to) / 2)), y);
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * to)), y);
        await page.Mouse.UpAsync();
    }

    private static async Task<string> ToldAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('figure')].every(figure => figure.getAttribute('aria-busy') === 'false')");
        return string.Join(" | ", await page.Locator("figure").EvaluateAllAsync<string[]>(
            "figures => figures.map(figure => figure.getAttribute('aria-label') + ' ' + figure.dataset.from + ' ' + figure.dataset.to)"));
    }

    [GeneratedRegex(@"Outdoor temperature .*°C.*flow temperature .*°C", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Spoken();

    [GeneratedRegex(@"earlier −?\d+\.\d\s°C \([+−]\d", RegexOptions.None, 1000)]
    private static partial Regex Difference();

    [GeneratedRegex(@"\d+\.\d\s°C \(\d+\.\d to \d+\.\d\)", RegexOptions.None, 1000)]
    private static partial Regex MeanAndRange();

    [GeneratedRegex(@"(2 h 5\d min|3 h( \d min)?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rounded();
}
