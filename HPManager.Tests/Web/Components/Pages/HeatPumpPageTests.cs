using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Pages;
using Radzen.Blazor;

namespace HPManager.Tests.Web.Components.Pages;

public class HeatPumpPageTests
{
    private static readonly HeatPump House = FakeMake.HeatPump("hp-001", "a") with { Name = "House" };

    [Fact]
    public void Page_UnknownId_SaysSo()
    {
        using var rig = new PagesRig();

        Assert.Equal("There is no heat pump hp-999", Open(rig, "hp-999").Find("h1").TextContent);
        Assert.Equal("There is no heat pump nonsense", Open(rig, "nonsense").Find("h1").TextContent);
    }

    [Fact]
    public void Now_Dashboard_HasTheModelsTiles()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));

        var page = Open(rig, "hp-001");

        Assert.Equal(["Weather", "House"], page.FindAll(".tile h2").Select(title => title.TextContent));
        Assert.Contains("48.0\u00a0°C", page.Find(".values").TextContent);
    }

    [Fact]
    public void Sensors_EveryQuality_IsShownByCategory()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig, outdoor: Reading.Missing(rig.Time.GetUtcNow(), "not fitted")));

        var page = Open(rig, "hp-001", "sensors");

        Assert.Equal(["Temperatures", "Set-points", "Modes", "Power"], page.FindAll(".group h2").Select(title => title.FirstChild!.TextContent.Trim()));
        Assert.Equal("No value: not fitted", Row(page, "outdoor_temperature").QuerySelector(".value")!.GetAttribute("data-hint"));
        Assert.Contains("Automatic", Row(page, "operating_mode").TextContent);
        Assert.Contains("write only", Row(page, "pv_surplus").TextContent);
    }

    [Fact]
    public void Sensors_Search_LeavesWhatMatchesAndStandsInTheUrl()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));
        var page = Open(rig, "hp-001", "sensors");

        page.Find("input[type=search]").Input("WATER holding");

        Assert.Equal(["hot_water_target"], page.FindAll("[data-sensor]").Select(row => row.GetAttribute("data-sensor")));
        Assert.Contains("q=WATER", rig.Url);
        Assert.Contains("1 of 4 sensors", page.Markup);
    }

    [Fact]
    public void Sensors_NothingMatches_OffersAllAgain()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));
        var page = Open(rig, "hp-001", "sensors");
        page.Find("input[type=search]").Input("zebra");
        Assert.Contains("No sensor matches", page.Markup);

        page.Find(".empty button").Click();

        Assert.Equal(4, page.FindAll("[data-sensor]").Count);
    }

    [Fact]
    public void Sensors_HideMissing_LeavesOutWhatHasNoValue()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig, outdoor: Reading.Missing(rig.Time.GetUtcNow(), "not fitted")));
        var page = Open(rig, "hp-001", "sensors");

        page.Find(".hide input").Change(true);

        Assert.Equal(["hot_water_target", "operating_mode"], page.FindAll("[data-sensor]").Select(row => row.GetAttribute("data-sensor")));
    }

    [Fact]
    public void Sensors_ReadOnlySensor_CannotBeChanged()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));

        var page = Open(rig, "hp-001", "sensors");

        Assert.Empty(Row(page, "outdoor_temperature").QuerySelectorAll("button"));
        Assert.Equal("Change Hot water target", Row(page, "hot_water_target").QuerySelector("button")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Page_GoesOffline_SaysWhyAndDimsTheValues()
    {
        using var rig = new PagesRig(House);
        var online = rig.Show(State(rig));
        var page = Open(rig, "hp-001", "sensors");

        rig.Time.Advance(TimeSpan.FromMinutes(3));
        rig.Show(online with
        {
            Connection = ConnectionState.Offline,
            Since = rig.Time.GetUtcNow(),
            LastError = new Failure(FailureCause.NoAnswer, "No answer within 3 s.", "Is it switched on?"),
        });

        await page.WaitForAssertionAsync(() => Assert.Contains("Is it switched on?", page.Find("[role=alert]").TextContent));
        Assert.Contains("stale", Row(page, "hot_water_target").QuerySelector(".value")!.ClassList);
        Assert.Equal("heatpumps/hp-001?tab=settings", page.Find("[role=alert] a").GetAttribute("href"));
    }

    [Fact]
    public async Task Chart_SensorsOfTheUrl_AreDrawnFromTheHistory()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));
        rig.GoTo("heatpumps/hp-001?tab=chart&sensors=hot_water_target&range=6h");

        var page = rig.Render<HeatPumpPage>(parameters => parameters.Add(shown => shown.Id, "hp-001"));

        await Eventually.IsTrue(() => rig.Chart.Invocations["setData"].Count == 1);
        var window = rig.Chart.Invocations["setData"][0].Arguments;
        Assert.Equal(6 * 3600.0, (double)window[2]! - (double)window[1]!);
        Assert.Equal("Hot water target over time", page.Find("figure").GetAttribute("aria-label"));
    }

    [Fact]
    public void Chart_PickedSensor_IsAddedLastAndStandsInTheUrl()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));
        rig.GoTo("heatpumps/hp-001?tab=chart&sensors=outdoor_temperature");
        var page = rig.Render<HeatPumpPage>(parameters => parameters.Add(shown => shown.Id, "hp-001"));

        page.Find(".sheet input[type=search]").Input("mode");
        page.Find(".sheet li input").Change(true);

        Assert.Equal(["Outdoor temperature", "Operating mode"], page.FindAll(".chosen li span").Select(chosen => chosen.TextContent));
        Assert.Contains("sensors=outdoor_temperature%2Coperating_mode", rig.Url);
    }

    [Fact]
    public async Task Chart_NewReading_RunsInAtTheRight()
    {
        using var rig = new PagesRig(House);
        rig.Show(State(rig));
        rig.GoTo("heatpumps/hp-001?tab=chart&sensors=outdoor_temperature");
        var page = rig.Render<HeatPumpPage>(parameters => parameters.Add(shown => shown.Id, "hp-001"));
        await Eventually.IsTrue(() => rig.Chart.Invocations["setData"].Count == 1);

        rig.Time.Advance(TimeSpan.FromSeconds(30));
        rig.Show(State(rig, rig.Good(7.25)));

        await Eventually.IsTrue(() => rig.Chart.Invocations["append"] is [.., { Arguments: [_, _, double?[] and [7.25], _] }]);
    }

    [Fact]
    public async Task Settings_Delete_NamesWhatIsLostAndThenRemoves()
    {
        using var rig = new PagesRig(House);
        await rig.StartAsync();
        var dialogs = rig.Render<RadzenDialog>();
        var page = Open(rig, "hp-001", "settings");

        _ = page.Find(".remove .danger").ClickAsync(new());
        await dialogs.WaitForAssertionAsync(() => Assert.Contains("its whole recorded history", dialogs.Markup));
        await dialogs.Find(".danger").ClickAsync(new());

        await Eventually.IsTrue(() => rig.History.Deleted.Contains(House.Id));
        Assert.Null(await rig.Store.FindAsync(House.Id, CancellationToken.None));
        await Eventually.IsTrue(() => rig.Url.Length == 0);
    }

    [Fact]
    public async Task Settings_Save_TakesEffectAndRefusesWhatIsNotAllowed()
    {
        using var rig = new PagesRig(House);
        await rig.StartAsync();
        var page = Open(rig, "hp-001", "settings");

        page.Find("#field-interval").Change("0");
        Assert.Contains("Read every must be a whole number from 1 to 3600.", page.Markup);
        page.Find("#field-interval").Change("10");
        page.Find("#field-name").Change("Big house");
        await page.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("Saved and in effect", page.Markup));
        var kept = await rig.Store.FindAsync(House.Id, CancellationToken.None);
        Assert.Equal(("Big house", TimeSpan.FromSeconds(10)), (kept!.Name, kept.Interval));
    }

    private static HeatPumpState State(PagesRig rig, Reading? outdoor = null) => rig.StateOf(
        House,
        (FakeMake.Outdoor, outdoor ?? rig.Good(5.7)),
        (FakeMake.Target, rig.Good(48)),
        (FakeMake.Mode, rig.Good(1, "automatic")),
        (FakeMake.Surplus, Reading.Missing(rig.Time.GetUtcNow(), "write only")));

    private static IRenderedComponent<HeatPumpPage> Open(PagesRig rig, string id, string tab = "now")
    {
        rig.GoTo($"heatpumps/{id}?tab={tab}");
        return rig.Render<HeatPumpPage>(parameters => parameters.Add(page => page.Id, id));
    }

    private static AngleSharp.Dom.IElement Row(IRenderedComponent<HeatPumpPage> page, string sensor) => page.Find($"[data-sensor={sensor}]");
}
