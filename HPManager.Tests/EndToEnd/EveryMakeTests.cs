using System.Globalization;
using HPManager.Tests.Drivers.Ebusd.Fixtures;
using HPManager.Tests.Drivers.Husdata;
using HPManager.Tests.Drivers.Luxtronik.Fixtures;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Serial;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>A heat pump of every make is added through the wizard, from a device that none of the product's code serves, and shows the device's value.</summary>
public sealed class EveryMakeTests(Browser browser, EmptyHouse house) : IClassFixture<Browser>, IClassFixture<EmptyHouse>
{
    [Theory]
    [InlineData("iDM", "Navigator 2.0", "idm-navigator-2.csv", null, "outdoor_temperature")]
    [InlineData("NIBE", "S1255", "nibe-s-series.csv", null, "outdoor_temp_bt1")]
    [InlineData("Daikin", "Altherma 3 with HomeHub", "daikin-home-hub.csv", "altherma3_homehub", "outdoor_temp", "--fill", "32766")]
    [InlineData("Daikin", "Altherma 4", "daikin-home-hub.csv", "altherma4", "outdoor_temp", "--fill", "32766")]
    [InlineData("Daikin", "Air-to-air with HomeHub", "daikin-home-hub.csv", "air2air_homehub", "a2a_demand_power_limit", "--fill", "32766")]
    [InlineData("Stiebel Eltron", "WPM system (WPM 4)", "stiebel-isg.csv", "WPMsystem", "outside_temp", "--fill", "0x8000", "--set", "i:5001=449")]
    [InlineData("Stiebel Eltron", "LWZ", "stiebel-isg.csv", "LWZ", "outside_temp", "--fill", "0x8000", "--set", "i:5001=103")]
    public async Task Wizard_ModbusDevice_IsAddedAndShowsItsValue(string make, string model, string table, string? rows, string sensor, params string[] options)
    {
        await using var device = rows is null
            ? await RegisterDevice.StartAsync(table, bothTables: make == "iDM", port: 0, 1)
            : await RegisterDevice.StartModelAsync(table, rows, options);
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);
        var name = $"{make} {model}";

        await ChooseAsync(visitor.Page, make, model);
        await ReachAsync(visitor.Page, device.Port);
        await NameAndSaveAsync(visitor.Page, name);

        await SeesAsync(visitor.Page, name, sensor, device.Expected["1"][sensor]);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Wizard_Luxtronik_IsAddedAndShowsItsValue()
    {
        await using var device = await LuxtronikDevice.StartAsync();
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);

        await ChooseAsync(visitor.Page, "Luxtronik", "Luxtronik 2.1");
        await ReachAsync(visitor.Page, device.Port);
        await NameAndSaveAsync(visitor.Page, "Mill");

        await SeesAsync(visitor.Page, "Mill", "outdoor_temperature", device.Expected.GetProperty("calculations").GetProperty("outdoor_temperature").GetDouble());
        visitor.AssertNoComplaints();
    }

    [Theory]
    [InlineData("Thermia", "Diplomat with Husdata H60/H66", "60", "outdoor_temp", -2.6)]
    [InlineData("IVT", "Rego 600 with Husdata H60/H66", "00", "hot_water_temperature", 48.2)]
    [InlineData("NIBE", "F series (EB100) with Husdata H60/H66", "40", "heat_carrier_forward", 34.2)]
    public async Task Wizard_HusdataGateway_IsAddedAndShowsItsValue(string make, string model, string interfaceType, string sensor, double value)
    {
        await using var gateway = new FakeGateway("\"0001\":301,\"0002\":342,\"0004\":342,\"0007\":65510,\"0009\":-483,\"000A\":482,\"1A01\":1,\"7ABC\":77")
        {
            Status = $"{{\"status\":{{\"H1ver\":\"{interfaceType}10.184\"}}}}",
        };
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);
        var name = $"{make} by HTTP";

        await ChooseAsync(visitor.Page, make, model);
        await ReachAsync(visitor.Page, gateway.Port);
        await NameAndSaveAsync(visitor.Page, name);

        await SeesAsync(visitor.Page, name, sensor, value);
        await Assertions.Expect(visitor.Page.Locator("li[data-sensor=index_7abc]")).ToContainTextAsync("77");
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Wizard_HusdataGatewayOverMqtt_IsAddedAndShowsItsValue()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, ["0001=30.1", "0002=34.2", "0007=-3.4", "0009=48.2", "1A01=1", "0203=20.0"]);
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);

        await ChooseAsync(visitor.Page, "Thermia", "Diplomat with Husdata H60/H66");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "MQTT", Exact = true }).ClickAsync();
        await visitor.Page.GetByLabel("Broker", new() { Exact = true }).FillAsync("127.0.0.1");
        await visitor.Page.GetByLabel("Gateway's number", new() { Exact = true }).FillAsync("841d00aabbcc");
        await visitor.Page.GetByText("Advanced", new() { Exact = true }).ClickAsync();
        await visitor.Page.GetByLabel("Port of the broker", new() { Exact = true }).FillAsync(broker.Port.ToString(CultureInfo.InvariantCulture));
        await TestAsync(visitor.Page);
        await NameAndSaveAsync(visitor.Page, "Thermia by MQTT");

        await SeesAsync(visitor.Page, "Thermia by MQTT", "outdoor_temp", -3.4);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Wizard_VaillantThroughEbusd_IsAddedAndShowsItsValue()
    {
        await using var ebusd = FakeEbusd.Plant();
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);

        await ChooseAsync(visitor.Page, "Vaillant", "Heat pump through ebusd (eBUS)");
        await ReachAsync(visitor.Page, ebusd.Port);
        await NameAndSaveAsync(visitor.Page, "Row");

        await SeesAsync(visitor.Page, "Row", "bus_outdoor_temp", 8.25);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Wizard_OwnDeviceOnASerialLine_IsAddedAndShowsItsValue()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);

        await ChooseAsync(visitor.Page, EmptyHouse.OwnMake, EmptyHouse.OwnModel);
        await visitor.Page.GetByLabel("Serial line", new() { Exact = true }).FillAsync(bus.Device);
        await TestAsync(visitor.Page);
        await NameAndSaveAsync(visitor.Page, "On the wire");

        await SeesAsync(visitor.Page, "On the wire", EmptyHouse.OwnSensor, 100.5);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Wizard_PowervaultHeardAtABroker_IsAddedAndShowsItsValue()
    {
        await using var broker = await MosquittoProcess.StartAsync(new MosquittoSettings { Users = new Dictionary<string, string> { ["owner"] = "a secret" } });
        await using var battery = ToldOverMosquitto.Start(
            broker.Port, "-u owner -P 'a secret'", ("pv/PV3/PV0042/bms/soc", """[{"measurement":"StateOfCharge","value":8300}]"""),
            ("pv/PV3/PV0042/pylontech/info", """[{"measurement":"CellTemperature","type":"Avg","value":20100}]"""));
        await using var visitor = await browser.OpenAsync(house.Server.Address, Screen.Desktop);

        await visitor.Page.GotoAsync("/heatpumps/new");
        await visitor.Page.GetByText("Does it speak to an MQTT broker?").ClickAsync();
        var panel = visitor.Page.Locator("details.broker");
        await panel.GetByLabel("Host", new() { Exact = true }).FillAsync("127.0.0.1");
        await panel.GetByLabel("User name", new() { Exact = true }).FillAsync("owner");
        await panel.GetByLabel("Password", new() { Exact = true }).FillAsync("a secret");
        await panel.GetByText("Advanced", new() { Exact = true }).ClickAsync();
        await panel.GetByLabel("Port", new() { Exact = true }).FillAsync(broker.Port.ToString(CultureInfo.InvariantCulture));
        await panel.GetByRole(AriaRole.Button, new() { Name = "Listen for a minute" }).ClickAsync();
        await panel.Locator("li", new() { HasText = "Powervault P3, PV0042" }).GetByRole(AriaRole.Button, new() { Name = "Use" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
        await TestAsync(visitor.Page);
        await NameAndSaveAsync(visitor.Page, "Battery");

        await SeesAsync(visitor.Page, "Battery", "cell_temp_avg", 20.1);
        visitor.AssertNoComplaints();
    }

    private static async Task ChooseAsync(IPage page, string make, string model)
    {
        await page.GotoAsync("/heatpumps/new");
        await page.Locator("a.choice", new() { Has = page.GetByText(make, new() { Exact = true }) }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"Which {make} is it?" }).WaitForAsync();
        await page.Locator("a.choice", new() { Has = page.GetByText(model, new() { Exact = true }) }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
    }

    private static async Task ReachAsync(IPage page, int port)
    {
        await page.GetByLabel("Host", new() { Exact = true }).FillAsync("127.0.0.1");
        var field = page.GetByLabel("Port", new() { Exact = true });
        if (!await field.IsVisibleAsync()) await page.GetByText("Advanced", new() { Exact = true }).ClickAsync();
        await field.FillAsync(port.ToString(CultureInfo.InvariantCulture));
        await TestAsync(page);
    }

    private static async Task TestAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await page.GetByText("It answers").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue", Exact = true }).ClickAsync();
    }

    private static async Task NameAndSaveAsync(IPage page, string name)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and start" }).ClickAsync();
        await page.GetByText($"{name} is set up").WaitForAsync();
    }

    /// <summary>The live value is the device's own, to the digits that are shown.</summary>
    private static async Task SeesAsync(IPage page, string name, string sensor, double value)
    {
        const char Minus = '\u2212';
        var text = value.ToString("0.0", CultureInfo.InvariantCulture).Replace('-', Minus);
        await page.GetByRole(AriaRole.Link, new() { Name = $"Open {name}", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sensors", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator($"li[data-sensor={sensor}] .reading")).ToContainTextAsync(text);
    }
}
