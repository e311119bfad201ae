using System.Globalization;
using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Pages;

namespace HPManager.Tests.Web.Components.Pages;

public class OverviewTests
{
    private static readonly HeatPump House = FakeMake.HeatPump("hp-001", "a") with { Name = "House", Location = "Cellar" };
    private static readonly HeatPump Annex = FakeMake.HeatPump("hp-002", "b") with { Name = "Annex" };

    [Fact]
    public void FirstRun_NoHeatPump_InvitesToAddOneAndMentionsTheDemo()
    {
        using var rig = new PagesRig();

        var page = rig.Render<Overview>();

        Assert.Equal("No heat pump yet", page.Find("h1").TextContent);
        Assert.Equal("heatpumps/new", page.Find("a.primary").GetAttribute("href"));
        Assert.Contains("--demo", page.Markup);
    }

    [Fact]
    public void Card_HeatingPump_SaysWhatItDoesAndTheNumbersThatExplainIt()
    {
        using var rig = new PagesRig(House);
        rig.Show(rig.StateOf(
            House,
            (Sensor.Code("state", Signal.OperatingState), rig.Good(1, "heating")),
            (Sensor.Number("target", "°C", Signal.FlowTemperatureTarget, "Circuit A"), rig.Good(34)),
            (Sensor.Number("outdoor", "°C", Signal.OutdoorTemperature), rig.Good(-2.41)),
            (Sensor.Number("electric", "kW", Signal.ElectricPower), rig.Good(1.5)),
            (Sensor.Number("thermal", "kW", Signal.ThermalPower), rig.Good(6.15))));

        var card = rig.Render<Overview>().Find("article");

        Assert.Equal("House", card.QuerySelector("h2")!.TextContent);
        Assert.Contains("Fake One · Cellar", card.TextContent);
        Assert.Equal("Heating to 34\u00a0°C", card.QuerySelector(".state")!.TextContent.Trim());
        var figures = card.QuerySelectorAll(".metric").ToDictionary(
            metric => metric.QuerySelector("dt")!.TextContent, metric => metric.QuerySelector("dd")!.TextContent.Trim());
        Assert.Equal("−2.4\u00a0°C", figures["Outdoor"]);
        Assert.Equal("1.50\u00a0kW", figures["Power"]);
        Assert.Equal("4.1", figures["COP now"]);
        Assert.Equal("just now", card.QuerySelector("hp-age")!.TextContent);
    }

    [Fact]
    public void Card_PumpThatIsDown_SaysSinceWhenAndWhatToDo()
    {
        using var rig = new PagesRig(House, Annex);
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));
        rig.Show(rig.StateOf(Annex, (FakeMake.Outdoor, rig.Good(5))) with
        {
            Connection = ConnectionState.Offline,
            LastError = new Failure(FailureCause.PortClosed, "b refuses port 502.", "Switch Modbus on."),
        });

        var page = rig.Render<Overview>();

        Assert.Equal("1 of 2 not answering", page.Find(".summary").TextContent.Trim());
        Assert.Contains("Not answering since 14:02: connection refused", page.FindAll("article")[1].TextContent);
        Assert.Contains("Switch Modbus on.", page.FindAll("article")[1].TextContent);
    }

    [Fact]
    public async Task Card_NewReading_AppearsByItself()
    {
        using var rig = new PagesRig(House);
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));
        var page = rig.Render<Overview>();

        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(6.5))));

        await page.WaitForAssertionAsync(() => Assert.Equal("6.5\u00a0°C", page.Find(".metric dd").TextContent.Trim()));
    }

    [Fact]
    public async Task Card_NewReadingAsYoungAsTheOneBefore_BeginsItsAgeAnew()
    {
        using var rig = new PagesRig(House);
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));
        var page = rig.Render<Overview>();
        var before = page.Find("hp-age").OuterHtml;

        rig.Time.Advance(TimeSpan.FromSeconds(30));
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));

        await page.WaitForAssertionAsync(() => Assert.NotEqual(before, page.Find("hp-age").OuterHtml));
    }

    [Fact]
    public async Task Card_NewReading_IsWrittenAsTheViewerWritesNumbers()
    {
        using var rig = new PagesRig(House);
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        var page = rig.Render<Overview>();

        // A poll loop runs in the culture of the machine.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(6.5))));

        await page.WaitForAssertionAsync(() => Assert.Equal("6,5\u00a0°C", page.Find(".metric dd").TextContent.Trim()));
    }

    [Fact]
    public async Task Card_RemovedPump_Disappears()
    {
        using var rig = new PagesRig(House);
        rig.Show(rig.StateOf(House, (FakeMake.Outdoor, rig.Good(5))));
        var page = rig.Render<Overview>();

        rig.Live.Remove(House.Id);

        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll("article")));
    }

    [Fact]
    public void Card_HistoryOfADay_IsDrawnAsALine()
    {
        using var rig = new PagesRig(House);
        var power = Sensor.Number("power", "kW", Signal.ElectricPower);
        for (var hour = 1; hour < 5; hour++)
        {
            rig.History.Snapshots.Enqueue(new Snapshot(House.Id, rig.Time.GetUtcNow().AddHours(-hour), new SensorSet([power]), [rig.Good(hour)]));
        }

        rig.Show(rig.StateOf(House, (power, rig.Good(1))));

        var page = rig.Render<Overview>();

        Assert.Equal("Power, last 24 hours", page.Find("svg.spark").GetAttribute("aria-label"));
        Assert.Contains("1.00 to 4.00\u00a0kW", page.Markup);
    }

    [Fact]
    public void Card_Battery_StandsAmongBatteriesAndSaysWhichWayPowerFlows()
    {
        using var rig = new PagesRig(House, Annex);
        rig.Show(rig.StateOf(House, (Sensor.Number("outdoor", "°C", Signal.OutdoorTemperature), rig.Good(3))));
        var battery = rig.StateOf(
            Annex,
            (Sensor.Number("charge", "%", Signal.StateOfCharge), rig.Good(82)),
            (Sensor.Number("battery", "W", Signal.ChargePower), rig.Good(-1500)),
            (Sensor.Number("grid", "W", Signal.GridPower), rig.Good(-320)),
            (Sensor.Number("house", "W", Signal.HousePower), rig.Good(1180)));
        rig.Show(battery with { Model = battery.Model with { Kind = DeviceKind.Battery } });

        var page = rig.Render<Overview>();

        Assert.Equal("Battery", page.Find("h2.group").TextContent);
        var card = page.Find("h2.group + .cards article");
        Assert.Equal("Annex", card.QuerySelector("h2")!.TextContent);
        Assert.Equal("Delivering 1.50\u00a0kW, 82\u00a0% full", card.QuerySelector(".state")!.TextContent.Trim());
        Assert.Equal("82 % charged", card.QuerySelector(".charge-bar")!.GetAttribute("aria-label"));
        var figures = card.QuerySelectorAll(".metric").Select(metric =>
            $"{metric.QuerySelector("dt")!.TextContent} {metric.QuerySelector("dd")!.TextContent.Trim()}");
        Assert.Equal(["Charge 82\u00a0%", "Delivering 1,500\u00a0W", "Into the grid 320\u00a0W", "House 1,180\u00a0W"], figures);
    }
}
