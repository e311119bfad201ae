using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Pages;

namespace HPManager.Tests.Web.Components.Pages;

public class HistoryPageTests
{
    private static readonly HeatPump House = FakeMake.HeatPump("hp-001", "a") with { Name = "House" };
    private static readonly HeatPump Barn = FakeMake.HeatPump("hp-002", "b") with { Name = "Barn" };

    [Fact]
    public void Page_NoHeatPump_InvitesToAddOne()
    {
        using var rig = new PagesRig();

        var page = Open(rig);

        Assert.Equal("heatpumps/new", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Page_SignalChosenOnce_IsDrawnOfEachHeatPump()
    {
        using var rig = new PagesRig(House, Barn);
        Show(rig, House, Barn);

        var page = Open(rig, "sensors=outdoor_temperature");

        Assert.Equal("House: Outdoor temperature, Barn: Outdoor temperature over time", page.Find("figure").GetAttribute("aria-label"));
        Assert.Equal(["Outdoor temperature"], page.FindAll(".chosen span").Select(chip => chip.TextContent));
    }

    [Fact]
    public void Page_SensorOfOneHeatPump_IsDrawnOfItAlone()
    {
        using var rig = new PagesRig(House, Barn);
        Show(rig, House, Barn);

        var page = Open(rig, "sensors=hp-002.hot_water_target");

        Assert.Equal("Hot water target over time", page.Find("figure").GetAttribute("aria-label"));
        Assert.Equal(["Barn: Hot water target"], page.FindAll(".chosen span").Select(chip => chip.TextContent));
    }

    [Fact]
    public void Pump_SwitchedOff_LeavesTheUrlAndTheChart()
    {
        using var rig = new PagesRig(House, Barn);
        Show(rig, House, Barn);
        var page = Open(rig, "sensors=outdoor_temperature");

        page.FindAll(".pumps button")[0].Click();

        Assert.Contains("pumps=hp-002", rig.Url);
        Assert.Equal("Outdoor temperature over time", page.Find("figure").GetAttribute("aria-label"));
    }

    [Fact]
    public void Page_WrongQuery_IsLeftOut()
    {
        using var rig = new PagesRig(House);
        Show(rig, House);

        var page = Open(rig, "sensors=nonsense,hp-009.x,hp-001.&pumps=hp-001,zebra&range=zebra&on=2026-13-45&from=9&to=1&compare=zebra");

        Assert.Equal("None of these heat pumps has that", page.Find(".empty h2").TextContent);
    }

    [Fact]
    public void Range_Chosen_StandsInTheUrl()
    {
        using var rig = new PagesRig(House);
        Show(rig, House);
        var page = Open(rig, "sensors=outdoor_temperature");

        page.FindAll(".segments button").Single(button => button.TextContent == "Week").Click();
        page.Find("button[aria-label=Earlier]").Click();

        Assert.Contains("range=week", rig.Url);
        Assert.Contains("on=2026-01-05", rig.Url);
        Assert.Contains("5 – 11 Jan 2026", page.Find(".shown").TextContent);
    }

    [Fact]
    public void FreeStretch_EndBeforeBegin_IsRefused()
    {
        using var rig = new PagesRig(House);
        Show(rig, House);
        var page = Open(rig, "sensors=outdoor_temperature");

        page.Find("#range-free-from").Change("2026-01-10T10:00");
        page.Find("#range-free-to").Change("2026-01-10T09:00");
        page.Find("#range-free form").Submit();

        Assert.Equal("End must be later than begin.", page.Find("#range-free [role=alert]").TextContent);
        page.Find("#range-free-to").Change("2026-01-10T11:00");
        page.Find("#range-free form").Submit();
        Assert.Contains("from=1768039200&to=1768042800", rig.Url);
    }

    [Fact]
    public async Task Compare_YearBefore_ReadsBothPeriods()
    {
        using var rig = new PagesRig(House);
        Show(rig, House);
        Open(rig, "sensors=outdoor_temperature&compare=year");

        await Eventually.IsTrue(() => rig.Chart.Invocations["setData"].Count > 0);

        var packed = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>((byte[])rig.Chart.Invocations["setData"][^1].Arguments[0]!);
        Assert.Equal(2, packed[0]);
    }

    private static void Show(PagesRig rig, params HeatPump[] heatPumps)
    {
        foreach (var heatPump in heatPumps)
        {
            rig.Show(rig.StateOf(heatPump, (FakeMake.Outdoor, rig.Good(5.7)), (FakeMake.Target, rig.Good(48)), (FakeMake.Mode, rig.Good(1, "automatic"))));
        }
    }

    private static IRenderedComponent<HistoryPage> Open(PagesRig rig, string query = "")
    {
        rig.GoTo($"history?{query}");
        return rig.Render<HistoryPage>();
    }
}
