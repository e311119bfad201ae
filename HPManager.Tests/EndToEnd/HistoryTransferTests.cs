using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HPManager.Tests.Core.History.Import;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>History out of the demo as a file, and into it from files, in a real browser.</summary>
public sealed class HistoryTransferTests(Browser browser) : IClassFixture<Browser>
{
    private const int Rows = 300_000;

    [Fact]
    public async Task Export_FromTheChart_DownloadsAFile()
    {
        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
        var page = visitor.Page;
        await page.GotoAsync("/heatpumps/hp-001?tab=chart&range=1h");
        await page.Locator("figure canvas").First.WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        await page.GetByText("that are drawn").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());

        Assert.Matches("^hp-001_[a-z-]+_[0-9TZ-]+[.]csv$", download.SuggestedFilename);
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        Assert.Matches("^time,[a-z_]+,[a-z_]+.quality,", (await reader.ReadLineAsync())!);
        Assert.Contains("good", await reader.ReadLineAsync() ?? "", StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Import_Csv_IsMappedCancelledAndResumed()
    {
        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
        var page = visitor.Page;
        var text = new StringBuilder("time,Outside temp (°F),Nonsense\n");
        var start = ImportRig.Utc("2022-01-01T00:00:00Z");
        for (var row = 0; row < Rows; row++) text.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(row):yyyy-MM-dd HH:mm:ss},{row % 50},1\n");
        await ChooseAsync(page, new FilePayload { Name = "mine.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text.ToString()) });
        await page.GetByLabel("Between fields").WaitForAsync();
        await page.GetByLabel("In the zone").FillAsync("UTC");
        await page.GetByLabel("In the zone").BlurAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Look what is there" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "2 series found, 1 to import" }).WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Sensor that Outside temp becomes")).ToHaveValueAsync("outdoor_temperature");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import 1 series" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" }).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Imported" }).WaitForAsync(new() { Timeout = 120_000 });

        var report = await ReportAsync(server);
        Assert.Equal(Rows, (int)report["progress"]!["rows"]!);
        Assert.Equal(Rows, (int)report["progress"]!["series"]![0]!["kept"]! + (int)report["progress"]!["series"]![0]!["here"]!);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Import_HomeAssistantsDatabase_OnAPhone_BecomesHistory()
    {
        using var folder = new DataFolder();
        var file = Path.Combine(folder.Path, "home-assistant_v2.db");
        using (var recorder = new RecorderFile(file, RecorderForm.Names))
        {
            for (var hour = 0; hour < 24 * 6; hour++)
                recorder.State("sensor.heat_pump_outdoor_temperature", ImportRig.Utc("2026-01-10T00:00:05Z").AddMinutes(10 * hour).ToString("O", CultureInfo.InvariantCulture), $"{hour % 9}", """{"unit_of_measurement":"°C"}""");
        }

        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Phone);
        var page = visitor.Page;
        await OpenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Home Assistant" }).ClickAsync();
        await page.GetByText("Choose home-assistant_v2.db").WaitForAsync();
        await ReadyAsync(page);
        await page.GetByLabel("File to import").SetInputFilesAsync(file);
        await page.GetByText("home-assistant_v2.db", new() { Exact = true }).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Look what is there" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "1 series found, 1 to import" }).WaitForAsync();
        await visitor.AssertNoSidewaysScrollAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Import 1 series" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Imported" }).WaitForAsync();

        await visitor.AssertNoSidewaysScrollAsync();
        Assert.Equal(1430, (int)(await ReportAsync(server))["progress"]!["series"]![0]!["kept"]!);
        visitor.AssertNoComplaints();
    }

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task EveryStep_InBothThemes_FitsTheWindow()
    {
        const string Csv = "Zeit;Outside temp (°F);Flow temperature (°C);Betriebsart;Room humidity\n31.01.2026 14:05;50,1;33,5;heating;41\n31.01.2026 14:06;50,2;33,7;heating;41\nyesterday;50,3;33,8;heating;42\n";
        await using var server = await HPManagerProcess.StartAsync("--demo");
        foreach (var screen in new[] { Screen.Desktop, Screen.Phone })
        {
            foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var visitor = await browser.OpenAsync(server.Address, screen, colours);
                var page = visitor.Page;
                var name = $"{screen.Name}-{colours.ToString().ToLowerInvariant()}";
                await page.GotoAsync("/heatpumps/hp-001?tab=chart&range=1h");
                await page.Locator("figure canvas").First.WaitForAsync();
                await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
                await page.GetByText("These days").ClickAsync();
                await page.GetByLabel("First day").WaitForAsync();
                await visitor.AssertNoSidewaysScrollAsync();
                await Album.KeepAsync(visitor, $"export-{name}");

                await ChooseAsync(page, new FilePayload { Name = "heating 2025-26.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Csv) });
                await page.GetByLabel("Between fields").WaitForAsync();
                await page.GetByRole(AriaRole.Button, new() { Name = "Look what is there" }).ClickAsync();
                await page.GetByRole(AriaRole.Heading, new() { Name = "4 series found" }).WaitForAsync();
                await visitor.AssertNoSidewaysScrollAsync();
                await Album.KeepWholeAsync(visitor, $"history-import-mapping-{name}");
                await page.GetByRole(AriaRole.Button, new() { Name = "Import 3 series" }).ClickAsync();
                await page.GetByRole(AriaRole.Heading, new() { Name = "Imported" }).WaitForAsync();
                await visitor.AssertNoSidewaysScrollAsync();
                await Album.KeepWholeAsync(visitor, $"history-import-report-{name}");
                await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
                visitor.AssertNoComplaints();
            }
        }
    }

    private static async Task<JsonNode> ReportAsync(HPManagerProcess server)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync(new Uri(server.Address, "/api/history/import/report")))!;
    }

    private static async Task OpenAsync(IPage page)
    {
        await page.GotoAsync("/import/history");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Bring older history" }).WaitForAsync();
        await ReadyAsync(page);
    }

    // Blazor listens to the field a moment after it is there; no person is that fast.
    private static Task<IJSHandle> ReadyAsync(IPage page) => page.WaitForFunctionAsync("() => document.querySelector('input[type=file]')?._blazorInputFileNextFileId !== undefined");

    private static async Task ChooseAsync(IPage page, FilePayload file)
    {
        await OpenAsync(page);
        await page.GetByLabel("File to import").SetInputFilesAsync(file);
    }
}
