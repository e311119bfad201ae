using System.Globalization;
using HPManager.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>
/// An owner describes a device that nobody of HPManager knows, in the browser and against pymodbus: sees its value while typing, saves, adds a heat pump of
/// it through the wizard and sees it live.
/// </summary>
public sealed class OwnDeviceTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    [Trait("Category", Album.Category)]
    public Task Describe_AndUse_OnADesktop() => DescribeAndUseAsync(Screen.Desktop, ColorScheme.Light);

    [Fact]
    [Trait("Category", Album.Category)]
    public Task Describe_AndUse_OnAPhone() => DescribeAndUseAsync(Screen.Phone, ColorScheme.Dark);

    private async Task DescribeAndUseAsync(Screen screen, ColorScheme colours)
    {
        using var data = new DataFolder();
        await using var device = await PymodbusServer.StartAsync(ModbusTransport.Tcp);
        await using var server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={data.Path}");
        await using var visitor = await browser.OpenAsync(server.Address, screen, colours);
        var page = visitor.Page;
        var port = device.Port.ToString(CultureInfo.InvariantCulture);

        await page.GotoAsync("/devices/new");
        await DescribeAsync(page, port);
        await visitor.AssertNoSidewaysScrollAsync();

        // pymodbus holds 1,003 (03EB; EB03 is 60,163) in holding register 3 and 2,011 in input register 11.
        await page.GetByRole(AriaRole.Button, new() { Name = "Read live" }).ClickAsync();
        await Assertions.Expect(page.Locator("li.line .now").First).ToContainTextAsync("100.3");
        await Assertions.Expect(page.Locator("li.line .now").Nth(1)).ToContainTextAsync("2,011");
        await page.GetByRole(AriaRole.Button, new() { Name = "Details of Flow temperature" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "uint16 BADC" }).ClickAsync();
        await Assertions.Expect(page.Locator("li.line .now").First).ToContainTextAsync("6,016.3");
        await page.GetByRole(AriaRole.Button, new() { Name = "int16 ABCD" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("li.line .now").First).ToContainTextAsync("100.3");
        await page.Locator("section.registers").ScrollIntoViewIfNeededAsync();
        await Album.KeepAsync(visitor, $"own-device-{screen.Name}-{colours.ToString().ToLowerInvariant()}");
        await visitor.AssertNoSidewaysScrollAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add such a device" }).ClickAsync();
        await AddAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Open Cellar" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sensors", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("li[data-sensor=flow_temperature] .reading")).ToContainTextAsync("100.3");
        visitor.AssertNoComplaints();
    }

    private static async Task DescribeAsync(IPage page, string port)
    {
        await TypeAsync(page, "Make", "Acme");
        await TypeAsync(page, "Model", "Heat meter 3");
        await TypeAsync(page, "Host", "127.0.0.1");
        await TypeAsync(page, "Port", port);
        await page.GetByLabel("Addresses in my table").SelectOptionAsync("Manual");
        await TypeAsync(page, "Name", "Flow temperature");
        await TypeAsync(page, "Address", "40004");
        await page.GetByText("= holding register 3 on the wire").WaitForAsync();
        await TypeAsync(page, "Scale", "0.1");
        await page.GetByLabel("Unit", new() { Exact = true }).SelectOptionAsync("°C");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a register" }).ClickAsync();
        await Assertions.Expect(page.Locator("li.line")).ToHaveCountAsync(2);
        await TypeAsync(page, "Name", "Heat energy");
        await TypeAsync(page, "Address", "30012");
        await page.GetByText("= input register 11 on the wire").WaitForAsync();
        await page.GetByLabel("Unit", new() { Exact = true }).Last.SelectOptionAsync("kWh");
    }

    private static async Task AddAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
        await page.GetByLabel("Host", new() { Exact = true }).FillAsync("127.0.0.1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await page.GetByText("It answers").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue", Exact = true }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Cellar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and start" }).ClickAsync();
        await page.GetByText("Cellar is set up").WaitForAsync();
    }

    // A field is taken when it is left.
    private static async Task TypeAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(label, new() { Exact = true }).Last;
        await field.FillAsync(text);
        await field.BlurAsync();
    }
}
