using System.Globalization;
using System.Text;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>The two ways to come to heat pumps without typing their addresses: they are found, or an older configuration names them.</summary>
public sealed class SearchAndImportTests(Browser browser) : IClassFixture<Browser>
{
    private const string HeatPumps = """
        heatpumps:
          - id: hp-cellar
            name: Old cellar
            location: Behind the stairs
            model: acme_one
            enabled: false
            modbus: { type: tcp, host: 127.0.0.1, port: 1, unit_id: 3, timeout: 2, retries: 3 }
          - id: hp-ghost
            name: Ghost
            model: nobody_knows
            modbus: { type: tcp, host: 127.0.0.1 }
        """;

    private const string Registers = """
        models:
          acme_one:
            description: The one in the cellar
            registers:
              - { name: Flow temperature, address: 11, register_type: holding, data_type: int16, unit: C, scale: 0.1 }
        """;

    private const string SingleDevice = """
        host: 127.0.0.1
        port: 1
        circuits: [A, C]
        zones: 1
        """;

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task Search_FindsTheDeviceAndHandsItToTheWizard()
    {
        await using var device = await RegisterDevice.StartModelAsync("stiebel-isg.csv", "WPMsystem", "--fill", "0x8000", "--set", "i:5001=449");
        using var data = new DataFolder();
        await using var server = await HPManagerProcess.StartAsync(
            $"--Storage:DataFolder={data.Path}", "--Discovery:Ranges:0=127.0.0.1/32", string.Create(CultureInfo.InvariantCulture, $"--Discovery:ModbusPorts:0={device.Port}"));
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
        var page = visitor.Page;

        await page.GotoAsync("/heatpumps/new");
        await Assertions.Expect(page.GetByLabel("Find them in my network")).ToHaveValueAsync("127.0.0.1/32");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find", Exact = true }).ClickAsync();
        var found = page.Locator(".found li", new() { HasText = "Stiebel Eltron WPM system" });
        await Assertions.Expect(found).ToContainTextAsync("It says so itself");
        await page.GetByText("1 found", new() { Exact = true }).WaitForAsync();
        await Album.KeepAsync(visitor, "search-desktop-light");

        await found.GetByRole(AriaRole.Link, new() { Name = "Use" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Host", new() { Exact = true })).ToHaveValueAsync("127.0.0.1");
        await Assertions.Expect(page.GetByLabel("Port", new() { Exact = true })).ToHaveValueAsync(device.Port.ToString(CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await page.GetByText("It answers").WaitForAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task Import_OlderFiles_SaysWhatItTakesTakesItAndTakesItOnce()
    {
        using var data = new DataFolder();
        await using var server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={data.Path}");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
        var page = visitor.Page;

        await ChooseAsync(page, ("heatpumps.yml", HeatPumps), ("registers.yml", Registers));
        await page.GetByText("Will be taken").First.WaitForAsync();
        await Assertions.Expect(page.Locator("tr.not-taken", new() { HasText = "Ghost" })).ToContainTextAsync("nobody_knows");
        await Album.KeepWholeAsync(visitor, "import-report-desktop-light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To the overview" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Old cellar" }).WaitForAsync();

        await ChooseAsync(page, ("heatpumps.yml", HeatPumps), ("registers.yml", Registers));
        await page.GetByText("0 to take").WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true })).ToBeDisabledAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Import_SingleDeviceFile_BecomesHpLegacy()
    {
        using var data = new DataFolder();
        await using var server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={data.Path}");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Phone);
        var page = visitor.Page;

        await ChooseAsync(page, ("config.idm", SingleDevice));
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To the overview" }).WaitForAsync();

        await page.GotoAsync("/heatpumps/hp-legacy");
        await page.GetByText("Navigator 2.0").First.WaitForAsync();
        await visitor.AssertNoSidewaysScrollAsync();
        visitor.AssertNoComplaints();
    }

    private static async Task ChooseAsync(IPage page, params (string Name, string Content)[] files)
    {
        await page.GotoAsync("/import");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Bring an older configuration" }).WaitForAsync();

        // Blazor listens to the field a moment after it is there; no person is that fast.
        await page.WaitForFunctionAsync("() => document.querySelector('input[type=file]')._blazorInputFileNextFileId !== undefined");
        await page.GetByLabel("Files to import").SetInputFilesAsync(
            files.Select(file => new FilePayload { Name = file.Name, MimeType = "text/yaml", Buffer = Encoding.UTF8.GetBytes(file.Content) }));
    }
}
