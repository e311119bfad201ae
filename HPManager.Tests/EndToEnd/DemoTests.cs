using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>
/// The demo as a newcomer meets it: a third heat pump is added through the wizard, its values change, its chart opens, a set-point is written and
/// confirmed; at desktop and at phone width, without a complaint of the browser. The pictures of the README are taken on the way.
/// </summary>
public sealed partial class DemoTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public Task Demo_AddAndUseAThirdHeatPump_OnADesktop() => AddAndUseAsync(Screen.Desktop);

    [Fact]
    public Task Demo_AddAndUseAThirdHeatPump_OnAPhone() => AddAndUseAsync(Screen.Phone);

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task Demo_EveryPageInBothThemes_FitsTheWindow()
    {
        await using var server = await HPManagerProcess.StartAsync("--demo");
        foreach (var screen in new[] { Screen.Desktop, Screen.Tablet, Screen.Phone })
        {
            foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var visitor = await browser.OpenAsync(server.Address, screen, colours);
                foreach (var (page, path, landmark) in Pages)
                {
                    await visitor.Page.GotoAsync(path);
                    await visitor.Page.Locator(landmark).First.WaitForAsync();
                    await visitor.AssertNoSidewaysScrollAsync();
                    if (screen != Screen.Tablet) await Album.KeepAsync(visitor, $"{page}-{screen.Name}-{colours.ToString().ToLowerInvariant()}");
                }

                visitor.AssertNoComplaints();
            }
        }
    }

    [Fact]
    public async Task Start_WithoutDemo_InvitesToAddAHeatPumpAndListensOnLoopbackOnly()
    {
        var folder = Directory.CreateTempSubdirectory("hpmanager-test-");
        try
        {
            await using var server = await HPManagerProcess.StartAsync($"--Storage:DataFolder={folder.FullName}");
            await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
            await visitor.Page.GotoAsync("/");

            await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "No heat pump yet" }).WaitForAsync();
            Assert.Equal("127.0.0.1", server.Address.Host);
            visitor.AssertNoComplaints();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_AfterAKill_ServesWhatWasThere()
    {
        var folder = Directory.CreateTempSubdirectory("hpmanager-test-");
        try
        {
            using var http = new HttpClient();
            await using (var first = await HPManagerProcess.StartAsync($"--Storage:DataFolder={folder.FullName}"))
            {
                using var body = new StringContent(
                    """
                    { "name": "Cellar", "manufacturer": "idm", "model": "navigator_2_0", "connection": { "kind": "modbus_tcp", "host": "127.0.0.1", "port": 1 } }
                    """,
                    System.Text.Encoding.UTF8,
                    "application/json");
                using var answer = await http.PostAsync(new Uri(first.Address, "/api/heatpumps"), body);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
                await first.KillAsync();
            }

            await using var second = await HPManagerProcess.StartAsync($"--Storage:DataFolder={folder.FullName}");
            Assert.Contains("Cellar", await http.GetStringAsync(new Uri(second.Address, "/api/heatpumps/hp-001")), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--Server:Port=70000", "Server:Port")]
    [InlineData("--History:QueueLimit=1", "History:QueueLimit")]
    [InlineData("--Storage:DataFolder=/proc/nowhere", "Storage:DataFolder")]
    public async Task Start_WrongSetting_EndsWithAMessageThatNamesIt(string argument, string named)
    {
        await using var server = await HPManagerProcess.RunToEndAsync(argument);

        Assert.Equal(1, server.ExitCode);
        Assert.Contains(named, server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
    }

    private static readonly (string Name, string Path, string Landmark)[] Pages =
    [
        ("overview", "/", "article >> text=Lake house"),
        ("pump", "/heatpumps/hp-001", "figure canvas"),
        ("makes", "/heatpumps/new", "section[aria-label='Find heat pumps']"),
        ("import", "/import", "text=Choose files"),
        ("history-import", "/import/history", "text=Choose a CSV file"),
        ("devices", "/devices", "h1"),
        ("wizard", "/heatpumps/new?step=connection&make=idm&model=navigator_2_0", "label:has-text(\"Host\")"),
    ];

    private async Task AddAndUseAsync(Screen screen)
    {
        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, screen);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByText("Lake house").WaitForAsync();

        await AddAsync(page, await WaitingPortAsync(server));
        await page.GetByRole(AriaRole.Link, new() { Name = "Open Workshop" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Workshop" }).WaitForAsync();
        await visitor.AssertNoSidewaysScrollAsync();

        await SeeValuesChangeAsync(page);
        await OpenChartAsync(visitor);
        await WriteAsync(page);
        visitor.AssertNoComplaints();
    }

    private static async Task AddAsync(IPage page, string port)
    {
        await page.GetByRole(AriaRole.Link, new() { NameRegex = AddLink() }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = Nibe() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = S2125() }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
        await page.GetByLabel("Host", new() { Exact = true }).FillAsync("127.0.0.1");
        await page.GetByLabel("Port", new() { Exact = true }).FillAsync(port);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await page.GetByText("It answers").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue", Exact = true }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Workshop");
        await page.Locator("[data-field=interval] input").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and start" }).ClickAsync();
        await page.GetByText("Workshop is set up").WaitForAsync();
    }

    // Which of them moves depends on what the simulated house is doing; that none of two hundred does would be a standstill.
    private static async Task SeeValuesChangeAsync(IPage page)
    {
        const string Readings = "() => [...document.querySelectorAll('main li[data-sensor] .reading')].map(reading => reading.innerText).join('|')";
        await page.GetByRole(AriaRole.Link, new() { Name = "Sensors", Exact = true }).ClickAsync();
        await page.Locator("li[data-sensor=outdoor_temp_bt1]").WaitForAsync();
        var before = await page.EvaluateAsync<string>(Readings);
        await page.WaitForFunctionAsync($"before => ({Readings})() !== before", before, new() { Timeout = 180_000 });
    }

    private static async Task OpenChartAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Now", Exact = true }).ClickAsync();
        await visitor.Page.Locator("figure canvas").First.WaitForAsync();
        await visitor.AssertNoSidewaysScrollAsync();
    }

    private static async Task WriteAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Sensors", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("holding 30");

        // The search goes into the URL, and a dialog closes when the URL changes: one that is opened before would be gone again.
        await page.WaitForFunctionAsync("() => location.search.includes('q=holding')");
        await page.Locator("main li[data-sensor=heating_offset_s1] button").ClickAsync();
        await page.GetByLabel("New value").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write", Exact = true }).ClickAsync();
        await page.GetByText(NowTwo()).First.WaitForAsync(new() { Timeout = 30_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.Locator("main ul li").First).ToContainTextAsync("2");
    }

    private static async Task<string> WaitingPortAsync(HPManagerProcess server)
    {
        await Shared.Eventually.IsTrue(() => WorkshopLine().IsMatch(server.Log));
        return WorkshopLine().Match(server.Log).Groups["port"].Value;
    }

    [GeneratedRegex("^Add", RegexOptions.None, 1000)]
    private static partial Regex AddLink();

    [GeneratedRegex("^NIBE", RegexOptions.None, 1000)]
    private static partial Regex Nibe();

    [GeneratedRegex("^S2125", RegexOptions.None, 1000)]
    private static partial Regex S2125();

    [GeneratedRegex("is now 2", RegexOptions.None, 1000)]
    private static partial Regex NowTwo();

    [GeneratedRegex(@"Workshop, .* answers at 127\.0\.0\.1:(?<port>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WorkshopLine();
}
