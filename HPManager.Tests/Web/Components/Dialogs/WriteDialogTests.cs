using Bunit;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Dialogs;

namespace HPManager.Tests.Web.Components.Dialogs;

public class WriteDialogTests
{
    private static readonly HeatPump House = FakeMake.HeatPump("hp-001", "cellar") with { Name = "House" };

    [Fact]
    public async Task Write_AllowedNumber_IsConfirmedByReadingBack()
    {
        using var rig = new PagesRig(House);
        var dialog = await OpenAsync(rig, FakeMake.Target);
        Assert.Contains("from 35 to 65 °C in steps of 1", dialog.Markup);
        Assert.Contains("limited write cycles", dialog.Markup);

        dialog.Find("#write-value").Change("50");
        var writing = dialog.Find("form").SubmitAsync();
        await rig.AdvanceUntil(() => writing.IsCompleted);

        Assert.Equal("Confirmed", dialog.Find(".notice.good strong").TextContent);
        Assert.Equal((FakeMake.Target.Key, 50.0), Assert.Single(rig.Make.Device("cellar").Written));
    }

    [Fact]
    public async Task Write_InProgress_SaysWhatItDoes()
    {
        using var rig = new PagesRig(House);
        var dialog = await OpenAsync(rig, FakeMake.Target);

        dialog.Find("#write-value").Change("50");
        var writing = dialog.Find("form").SubmitAsync();

        await dialog.WaitForAssertionAsync(() => Assert.Contains("Sending and reading back", dialog.Markup));
        await rig.AdvanceUntil(() => writing.IsCompleted);
    }

    [Fact]
    public async Task Write_OutOfRange_IsSaidBeforeAnythingIsSent()
    {
        using var rig = new PagesRig(House);
        var dialog = await OpenAsync(rig, FakeMake.Target);

        dialog.Find("#write-value").Change("80");
        await dialog.Find("form").SubmitAsync();

        Assert.Contains("must be a number from 35 to 65 °C", dialog.Find("[role=alert]").TextContent);
        Assert.Empty(rig.Make.Device("cellar").Written);
    }

    [Fact]
    public async Task Write_Code_IsChosenByItsWord()
    {
        using var rig = new PagesRig(House);
        var dialog = await OpenAsync(rig, FakeMake.Mode);
        Assert.Equal(["Standby", "Automatic", "Hot water only"], dialog.FindAll("option").Select(option => option.TextContent));

        dialog.Find("#write-value").Change("4");
        var writing = dialog.Find("form").SubmitAsync();
        await rig.AdvanceUntil(() => writing.IsCompleted);

        Assert.Equal((FakeMake.Mode.Key, 4.0), Assert.Single(rig.Make.Device("cellar").Written));
    }

    [Fact]
    public async Task Write_DeviceKeepsItsOwnValue_SaysSo()
    {
        using var rig = new PagesRig(House);
        rig.Make.Device("cellar").ForgetsWrites = true;
        var dialog = await OpenAsync(rig, FakeMake.Target);

        dialog.Find("#write-value").Change("50");
        var writing = dialog.Find("form").SubmitAsync();
        await rig.AdvanceUntil(() => writing.IsCompleted);

        Assert.Equal("The heat pump kept its own value", dialog.Find(".notice.warn:has(strong) strong").TextContent);
    }

    [Fact]
    public async Task Write_DeviceRefuses_SaysSo()
    {
        using var rig = new PagesRig(House);
        rig.Make.Device("cellar").WriteFailure = new Failure(FailureCause.Refused, "Illegal data value.");
        var dialog = await OpenAsync(rig, FakeMake.Target);

        dialog.Find("#write-value").Change("50");
        var writing = dialog.Find("form").SubmitAsync();
        await rig.AdvanceUntil(() => writing.IsCompleted);

        Assert.Equal("Refused by the heat pump", dialog.Find(".notice.fault strong").TextContent);
    }

    [Fact]
    public async Task Step_MoreAtTheEnd_StaysInRange()
    {
        using var rig = new PagesRig(House);
        var dialog = await OpenAsync(rig, FakeMake.Target);
        dialog.Find("#write-value").Change("65");

        dialog.Find("[aria-label=More]").Click();

        Assert.Equal("65", dialog.Find("#write-value").GetAttribute("value"));
    }

    private static async Task<IRenderedComponent<WriteDialog>> OpenAsync(PagesRig rig, SensorDefinition sensor)
    {
        await rig.StartAsync();
        return rig.Render<WriteDialog>(parameters => parameters
            .Add(dialog => dialog.State, rig.Live.Get(House.Id)!)
            .Add(dialog => dialog.Sensor, sensor));
    }
}
