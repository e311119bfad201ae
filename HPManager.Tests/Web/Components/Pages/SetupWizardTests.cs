using AngleSharp.Dom;
using Bunit;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Pages;

namespace HPManager.Tests.Web.Components.Pages;

public class SetupWizardTests
{
    [Fact]
    public async Task Wizard_EveryStep_EndsWithAHeatPumpThatIsRead()
    {
        using var rig = new PagesRig();
        var page = Start(rig);

        Follow(rig, page, "Fake");
        Follow(rig, page, "One");
        Assert.Contains("Switch Modbus on.", page.Markup);
        Assert.Contains("Nothing was tried on hardware.", page.Markup);
        Follow(rig, page, "It is open, continue");
        page.Find("#field-connection-host").Change("cellar");
        await page.Find("form").SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("It answers", page.Markup));
        Assert.Equal("5.7\u00a0°C", page.Find("dd").TextContent.Trim());
        Follow(rig, page, "Continue");
        page.Find("#field-name").Change("House");
        page.FindAll(".chip input")[1].Change(true);
        await page.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("House is set up", page.Markup));
        Assert.Equal("heatpumps/hp-001", page.Find("a.primary").GetAttribute("href"));
        var kept = Assert.Single(await rig.Store.ListAsync(CancellationToken.None));
        Assert.Equal(("House", "cellar", "a,b"), (kept.Name, kept.Connection.Settings["host"], kept.Options["circuits"]));
        await rig.AdvanceUntil(() => rig.Live.Get(kept.Id)?.Snapshot is not null);
    }

    [Fact]
    public async Task Test_DeviceRefuses_ShowsCauseAndHint()
    {
        using var rig = new PagesRig();
        rig.Make.Device("cellar").Failure = new Failure(FailureCause.PortClosed, "cellar refuses port 502.", "Switch Modbus on.");
        var page = Start(rig, "step=connection&make=fake&model=one");

        page.Find("#field-connection-host").Change("cellar");
        await page.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Contains("cellar refuses port 502.", page.Find("[role=alert]").TextContent));
        Assert.Contains("Switch Modbus on.", page.Find("[role=alert]").TextContent);
        Assert.Contains("Continue without a test", page.Markup);
    }

    [Fact]
    public async Task Test_Cancelled_SaysSo()
    {
        using var rig = new PagesRig();
        rig.Make.Device("cellar").Hangs = true;
        var page = Start(rig, "step=connection&make=fake&model=one");
        page.Find("#field-connection-host").Change("cellar");
        await page.Find("form").SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.Contains("Reading cellar:502 once", page.Markup));

        page.FindAll("button").First(button => button.TextContent == "Cancel").Click();

        await page.WaitForAssertionAsync(() => Assert.Contains("Cancelled. Nothing was changed.", page.Markup));
    }

    [Fact]
    public void Connection_WrongValue_IsNamedWhenTheFieldIsLeft()
    {
        using var rig = new PagesRig();
        var page = Start(rig, "step=connection&make=fake&model=one");

        page.Find("#field-connection-port").Change("99999");

        Assert.Equal("Port must be a whole number from 1 to 65535.", page.Find(".wrong").TextContent.Trim());
        Assert.Equal("true", page.Find("#field-connection-port").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task Connection_NothingTyped_StaysAndNamesTheField()
    {
        using var rig = new PagesRig();
        var page = Start(rig, "step=connection&make=fake&model=one");

        await page.Find("form").SubmitAsync();

        Assert.Equal("Host is required.", page.Find(".wrong").TextContent.Trim());
        Assert.Contains("step=connection", rig.Url);
    }

    [Fact]
    public async Task Connection_PlaceOfAnotherHeatPump_IsRefused()
    {
        using var rig = new PagesRig(FakeMake.HeatPump("hp-001", "cellar") with { Name = "House" });
        var page = Start(rig, "step=connection&make=fake&model=one");

        page.Find("#field-connection-host").Change("cellar");
        await page.Find("form").SubmitAsync();

        Assert.Contains("House (hp-001) is at this address already", page.Find(".notice.fault").TextContent);
    }

    [Fact]
    public void Back_AfterTyping_LosesNothing()
    {
        using var rig = new PagesRig();
        var page = Start(rig, "step=connection&make=fake&model=one");
        page.Find("#field-connection-host").Change("cellar");

        Follow(rig, page, "Back");
        Follow(rig, page, "It is open, continue");

        Assert.Equal("cellar", page.Find("#field-connection-host").GetAttribute("value"));
    }

    [Fact]
    public async Task Details_NameTaken_IsNamedAtTheField()
    {
        using var rig = new PagesRig(FakeMake.HeatPump("hp-001", "attic") with { Name = "House" });
        var page = Start(rig, "step=connection&make=fake&model=one");
        page.Find("#field-connection-host").Change("cellar");
        await page.Find("form").SubmitAsync();
        rig.GoTo("heatpumps/new?step=details&make=fake&model=one");

        page.Find("#field-name").Change("house");
        await page.Find("form").SubmitAsync();

        Assert.Contains("hp-001 has this name already", page.Find("[data-field=name] .wrong").TextContent);
    }

    [Fact]
    public void Url_StepTooFar_ShowsTheFurthestThatIsPossible()
    {
        using var rig = new PagesRig();

        var page = Start(rig, "step=details&make=fake&model=one");

        Assert.Equal("How is it reached?", page.Find("section h2").TextContent);
    }

    private static IRenderedComponent<SetupWizard> Start(PagesRig rig, string query = "")
    {
        rig.GoTo("heatpumps/new?" + query);
        return rig.Render<SetupWizard>();
    }

    // A link that a person would click, by its words.
    private static void Follow(PagesRig rig, IRenderedComponent<SetupWizard> page, string words)
    {
        var before = page.Markup;
        rig.GoTo(page.FindAll("section a").First(link => link.Text().Contains(words, StringComparison.Ordinal)).GetAttribute("href")!);

        // A step that is left may still be on its way out.
        page.WaitForState(() => page.Markup != before);
    }
}
