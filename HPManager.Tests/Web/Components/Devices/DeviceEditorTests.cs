using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Shared;
using HPManager.Web.Components.Devices;
using HPManager.Web.Components.Display;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Web.Components.Devices;

/// <summary>An owner describes a device; pymodbus answers, whose cells hold their address + 1000 (holding) and + 2000 (input).</summary>
public sealed class DeviceEditorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DataFolder _data = new();
    private readonly PagesRig _rig = new();
    private readonly OwnerProfiles _profiles;

    public DeviceEditorTests()
    {
        _profiles = new OwnerProfiles(Path.Combine(_data.Path, "profiles"));
        _rig.Services.AddSingleton(_profiles);
        _rig.Services.AddSingleton(new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance));
    }

    public void Dispose()
    {
        _rig.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Page_OfANewDevice_ComplainsAboutNothing()
    {
        var page = Start();

        Assert.Empty(page.FindAll(".wrong, [role=alert]"));
        Assert.Single(page.FindAll("li.line"));
    }

    [Theory]
    [InlineData("Wire", "4", "holding register 4, in manuals also 40005")]
    [InlineData("FromOne", "5", "= holding register 4 on the wire")]
    [InlineData("Manual", "40005", "= holding register 4 on the wire")]
    [InlineData("Manual", "30005", "= input register 4 on the wire")]
    public void Address_AsTheManualCounts_IsExplainedBesideTheField(string counting, string typed, string explained)
    {
        var page = Start();

        page.Find("#d-counting").Change(counting);
        Type(page, 0, "address", typed);

        Assert.Equal(explained, Cell(page, 0, "address").QuerySelector(".help")!.TextContent);
        Assert.Equal(typed, Cell(page, 0, "address").QuerySelector("input")!.GetAttribute("value"));
    }

    [Fact]
    public void WrongValues_EachAtItsField_SayWhatIsAllowedAndStay()
    {
        var page = Start();

        Type(page, 0, "label", "Flow");
        Type(page, 0, "address", "70000");
        Type(page, 0, "scale", "x");

        Assert.Equal("Must be a whole number from 0 to 65535, not '70000'.", Wrong(page, 0, "address"));
        Assert.Equal("Must be a number such as 0.1, not 'x'.", Wrong(page, 0, "scale"));
        Assert.Equal("true", Cell(page, 0, "scale").QuerySelector("input")!.GetAttribute("aria-invalid"));
        Assert.Equal("70000", Cell(page, 0, "address").QuerySelector("input")!.GetAttribute("value"));
        page.Find("#d-counting").Change("Manual");
        Assert.Equal("70000", Cell(page, 0, "address").QuerySelector("input")!.GetAttribute("value"));
    }

    [Fact]
    public void WrongDetail_WithTheDetailsClosed_IsSaidAtTheRow()
    {
        var page = Start();
        Describe(page, 0, "Mode", "1");
        Open(page, 0);
        Choose(page, 0, "value", "code");
        Assert.Contains("A code needs codes", Wrong(page, 0, "codes"), StringComparison.Ordinal);

        Open(page, 0);

        Assert.Contains("Words of codes: A code needs codes", page.Find("li.line > .wrong").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Access_MadeWritable_TakesTheMostCarefulClassUntilAnotherIsChosen()
    {
        var page = Start();
        Describe(page, 0, "Target", "2");
        Open(page, 0);

        Choose(page, 0, "access", "rw");

        Assert.Equal("eeprom", Cell(page, 0, "write_class").QuerySelector("select")!.GetAttribute("value"));
        Choose(page, 0, "write_class", "setting");
        Choose(page, 0, "access", "");
        Assert.Empty(page.FindAll("[data-column=write_class]"));
    }

    [Theory]
    [InlineData(ModbusTransport.Tcp, ModbusConnections.Tcp)]
    [InlineData(ModbusTransport.RtuOverTcp, ModbusConnections.RtuOverTcp)]
    [InlineData(ModbusTransport.Udp, ModbusConnections.Udp)]
    public async Task ReadLive_OverEveryNetworkConnection_ShowsValueUnitQualityAgeAndWords(ModbusTransport transport, string kind)
    {
        await using var device = await PymodbusServer.StartAsync(transport);
        var page = Start();
        Describe(page, 0, "Flow", "3");
        Type(page, 0, "scale", "0.1");
        Choose(page, 0, "unit", "°C");

        await ReadLiveAsync(page, device.Port, kind);

        await page.WaitForAssertionAsync(() => Assert.Contains("100.3", page.Find("li.line .now").TextContent, StringComparison.Ordinal), Patience);
        var now = page.Find("li.line .now").TextContent;
        Assert.Contains("°C", now, StringComparison.Ordinal);
        Assert.Contains("Good", now, StringComparison.Ordinal);
        Assert.Contains("just now", now, StringComparison.Ordinal);
        Assert.Contains(1003.ToString("X4", CultureInfo.InvariantCulture), now, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_WhileReading_OfferWhatTheWordsCouldBeAndTakeTheChoice()
    {
        await using var device = await PymodbusServer.StartAsync(ModbusTransport.Tcp);
        var page = Start();
        Describe(page, 0, "Energy", "3");
        Open(page, 0);

        await ReadLiveAsync(page, device.Port, ModbusConnections.Tcp);
        await page.WaitForAssertionAsync(() => Assert.Contains("03EB", page.Find(".coding .words").TextContent, StringComparison.Ordinal), Patience);
        await page.InvokeAsync(() => page.Find(".coding button[aria-label^='uint32 CDAB']").Click());

        Assert.Equal("uint32", Cell(page, 0, "type").QuerySelector("select")!.GetAttribute("value"));
        Assert.Equal("cdab", Cell(page, 0, "order").QuerySelector("select")!.GetAttribute("value"));
    }

    [Fact]
    public async Task ReadLive_DeviceGoesAway_ShowsCauseAndHintAndNoOldValueAsNew()
    {
        var device = await PymodbusServer.StartAsync(ModbusTransport.Tcp);
        var page = Start();
        Describe(page, 0, "Flow", "3");
        await ReadLiveAsync(page, device.Port, ModbusConnections.Tcp);
        await page.WaitForAssertionAsync(() => Assert.Contains("1,003", page.Find("li.line .now").TextContent, StringComparison.Ordinal), Patience);

        await device.DisposeAsync();
        await _rig.AdvanceUntil(() => page.FindAll(".notice.fault").Count > 0);

        Assert.Contains("is closed", page.Find(".notice.fault strong").TextContent, StringComparison.Ordinal);
        Assert.Contains("Modbus is switched off on the device", page.Find(".notice.fault p").TextContent, StringComparison.Ordinal);
        Assert.Contains("Old: the last reading failed", page.Find("li.line .now").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLive_WithoutAHost_NamesTheField()
    {
        var page = Start();
        Describe(page, 0, "Flow", "3");

        await Button(page, "Read live").ClickAsync();

        Assert.Equal("Host is required.", page.Find("[data-field='connection.host'] .wrong").TextContent.Trim());
    }

    [Fact]
    public async Task ChangedRow_AfterAReading_ShowsTheOldValueNoLonger()
    {
        await using var device = await PymodbusServer.StartAsync(ModbusTransport.Tcp);
        var page = Start();
        Describe(page, 0, "Flow", "3");
        await ReadLiveAsync(page, device.Port, ModbusConnections.Tcp);
        await page.WaitForAssertionAsync(() => Assert.Contains("1,003", page.Find("li.line .now").TextContent, StringComparison.Ordinal), Patience);

        await page.InvokeAsync(() => Type(page, 0, "address", "4"));

        await page.WaitForAssertionAsync(() => Assert.Equal("–", page.Find("li.line .now").TextContent.Trim()), Patience);
    }

    [Fact]
    public void Save_WholeDevice_WritesItsFilesAndOpensAgainAsItWas()
    {
        var page = Start();
        page.Find("#d-make").Change("Acme");
        page.Find("#d-model").Change("Heat meter 3");
        page.Find("#d-counting").Change("Manual");
        Describe(page, 0, "Flow", "30005");
        Type(page, 0, "scale", "0.1");
        Choose(page, 0, "unit", "°C");
        page.Find("#field-connection-port").Change("1502");
        Button(page, "Add a register").Click();
        Describe(page, 1, "Flow", "30006");

        Save(page);

        Assert.Empty(page.FindAll(".notice.fault"));
        Assert.Equal("devices/edit/acme/heat_meter_3", _rig.Url);
        Assert.Equal(["acme/heat_meter_3"], _profiles.Names);
        var draft = ProfileDraftReader.Read(_profiles.Read("acme/heat_meter_3")!, out _)!;
        Assert.Equal(["flow", "flow_2"], draft.Rows.Select(row => row["key"]));
        Assert.Equal(("4", "input", 1502), (draft.Rows[0]["address"], draft.Rows[0]["table"], draft.Port));
        var again = Start("acme", "heat_meter_3");
        Assert.Equal("Flow", Cell(again, 0, "label").QuerySelector("input")!.GetAttribute("value"));
        Assert.Equal("1502", again.Find("#field-connection-port").GetAttribute("value"));
        Type(again, 0, "label", "Flow temperature");
        Save(again);
        Assert.Equal("flow", ProfileDraftReader.Read(_profiles.Read("acme/heat_meter_3")!, out _)!.Rows[0]["key"]);
    }

    [Fact]
    public void Save_WithErrors_KeepsNothingAndShowsAllOfThem()
    {
        var page = Start();
        Type(page, 0, "label", "Flow");

        Save(page);

        Assert.Empty(_profiles.Names);
        Assert.Equal("Is required.", page.Find("[data-field=make] .wrong").TextContent.Trim());
        Assert.Contains("Is missing", Wrong(page, 0, "address"), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_NameThatIsTaken_IsNamedAtTheModel()
    {
        var page = Start();
        page.Find("#d-make").Change("Fake");
        page.Find("#d-model").Change("One");
        Describe(page, 0, "Flow", "3");

        Save(page);

        Assert.Contains("There is a fake/one already", page.Find("[data-field=model] .wrong").TextContent, StringComparison.Ordinal);
        Assert.Empty(_profiles.Names);
    }

    [Fact]
    public void Reload_AfterTyping_LosesNothing()
    {
        var page = Start();
        page.Find("#d-make").Change("Acme");
        Type(page, 0, "label", "Flow");
        Type(page, 0, "address", "nonsense");
        var kept = Assert.IsType<string>(_rig.JSInterop.Invocations.Last(call => call.Identifier == "keep").Arguments[1]);
        var module = _rig.JSInterop.SetupModule(Viewer.Module);
        module.Mode = JSRuntimeMode.Loose;
        module.Setup<string?>("recall", _ => true).SetResult(kept);

        var again = Start();

        again.WaitForAssertion(() => Assert.Equal("Acme", again.Find("#d-make").GetAttribute("value")));
        Assert.Equal("nonsense", Cell(again, 0, "address").QuerySelector("input")!.GetAttribute("value"));
        Assert.Contains("not saved yet", again.Find(".restored").TextContent, StringComparison.Ordinal);
        Button(again, "Discard it").Click();
        Assert.Equal("", again.Find("#d-make").GetAttribute("value"));
    }

    [Fact]
    public void Paste_RowsOfASpreadsheet_BecomeRowsWithTheirErrors()
    {
        var page = Start();
        page.Find("#d-counting").Change("Manual");

        page.Find(".paste textarea").Change("label\taddress\ttype\tscale\nFlow\t40011\tint16\t0.1\nReturn\t40012\tint99\t0.1\n");
        Button(page, "Add these rows").Click();

        Assert.Equal(2, page.FindAll("li.line").Count);
        Assert.Equal("40012", Cell(page, 1, "address").QuerySelector("input")!.GetAttribute("value"));
        Assert.StartsWith("Must be one of bool, int8", Wrong(page, 1, "type"), StringComparison.Ordinal);
        Assert.Null(Wrong(page, 0, "type"));
    }

    [Fact]
    public void Remove_ThenUndo_BringsTheRowBack()
    {
        var page = Start();
        Describe(page, 0, "Flow", "3");

        page.Find("[aria-label='Remove Flow']").Click();
        Assert.Empty(page.FindAll("li.line"));
        Button(page, "Undo").Click();

        Assert.Equal("Flow", Cell(page, 0, "label").QuerySelector("input")!.GetAttribute("value"));
    }

    [Fact]
    public void Choices_OfTypesAndOrders_AreThoseThatTheReaderKnows()
    {
        Assert.Equal(ProfileWords.TypeKeys.Order(), RegisterColumns.Types.Select(choice => choice.Word).Order());
        Assert.Equal(ProfileWords.OrderKeys.Order(), RegisterColumns.Orders.Select(choice => choice.Word).Order());
        Assert.Equal(ProfileWords.TableKeys.Order(), RegisterColumns.Tables.Select(choice => choice.Word).Order());
        Assert.All(RegisterColumns.Units, choice => Assert.True(Unit.TryParse(choice.Word, out _)));
    }

    private IRenderedComponent<DeviceEditor> Start(string? make = null, string? model = null) =>
        _rig.Render<DeviceEditor>(parameters => parameters.Add(page => page.Make, make).Add(page => page.Model, model));

    private static async Task ReadLiveAsync(IRenderedComponent<DeviceEditor> page, int port, string kind)
    {
        var index = ModbusConnections.Kinds.ToList().IndexOf(kind);
        await page.FindAll(".kinds button")[index].ClickAsync();
        await page.Find("#field-connection-host").ChangeAsync(new() { Value = "127.0.0.1" });
        await page.Find("#field-connection-port").ChangeAsync(new() { Value = port.ToString(CultureInfo.InvariantCulture) });

        // The click is over only when the reading ends.
        _ = Button(page, "Read live").ClickAsync();
    }

    private static void Describe(IRenderedComponent<DeviceEditor> page, int row, string name, string address)
    {
        Type(page, row, "label", name);
        Type(page, row, "address", address);
    }

    private static void Type(IRenderedComponent<DeviceEditor> page, int row, string column, string text) =>
        Cell(page, row, column).QuerySelector("input")!.Change(text);

    private static void Choose(IRenderedComponent<DeviceEditor> page, int row, string column, string word) =>
        Cell(page, row, column).QuerySelector("select")!.Change(word);

    private static IElement Cell(IRenderedComponent<DeviceEditor> page, int row, string column) =>
        page.FindAll("li.line")[row].QuerySelector($"[data-column={column}]")!;

    private static string? Wrong(IRenderedComponent<DeviceEditor> page, int row, string column) =>
        Cell(page, row, column).QuerySelector(".wrong")?.TextContent.Trim();

    private static void Open(IRenderedComponent<DeviceEditor> page, int row) =>
        page.FindAll("li.line")[row].QuerySelector("[aria-expanded]")!.Click();

    private static void Save(IRenderedComponent<DeviceEditor> page) => Button(page, "Save").Click();

    private static IElement Button(IRenderedComponent<DeviceEditor> page, string words) =>
        page.FindAll("button").First(button => button.TextContent.Trim() == words);
}
