using System.Net.Http.Json;
using HPManager.Tests.Shared;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>The page Storage in a real browser, with a real InfluxDB and a real VictoriaMetrics that the demo is connected with.</summary>
public sealed class StorageTests(Browser browser) : IClassFixture<Browser>
{
    private const int Patience = 60_000;

    [Fact]
    public async Task InfluxDb_SetUpWithAWrongAndThenTheRightPassword_IsFedAndChartsReadFromIt()
    {
        await using var influx = await InfluxdProcess.StartAsync(asksForLogin: true);
        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
        var panel = await OpenAsync(visitor, "InfluxDB");
        await panel.GetByLabel("Address", new() { Exact = true }).FillAsync(influx.Address);
        await panel.GetByLabel("User name").FillAsync(InfluxdProcess.User);
        await panel.GetByLabel("Password").FillAsync("wrong");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Assertions.Expect(panel.Locator("p.bad")).ToContainTextAsync("401");
        await panel.GetByLabel("Password").FillAsync(InfluxdProcess.Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await panel.GetByText("InfluxDB 1.6").First.WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await panel.GetByText("Has everything").WaitForAsync(new() { Timeout = Patience });
        Assert.DoesNotContain(InfluxdProcess.Password, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await visitor.Page.GetByLabel("Charts and REST read from").And(visitor.Page.Locator("select")).SelectOptionAsync("influxdb");
        await visitor.Page.GotoAsync("/heatpumps/hp-001?tab=chart&range=1h");
        await visitor.Page.Locator("figure canvas").First.WaitForAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task VictoriaMetrics_OnAPhone_ComesAndGoesAndIsCaughtUpWith()
    {
        await using var server = await HPManagerProcess.StartAsync("--demo");
        await using var visitor = await browser.OpenAsync(server.Address, Screen.Phone);
        await using var victoria = await VictoriaMetricsProcess.StartAsync();
        var panel = await OpenAsync(visitor, "VictoriaMetrics");
        await panel.GetByLabel("Address", new() { Exact = true }).FillAsync(victoria.Address);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await panel.GetByText("Has everything").WaitForAsync(new() { Timeout = Patience });

        await victoria.StopAsync();
        await panel.GetByText("Takes nothing since").WaitForAsync(new() { Timeout = Patience });
        await panel.GetByText("polls behind").WaitForAsync(new() { Timeout = Patience });
        await visitor.AssertNoSidewaysScrollAsync();

        await victoria.InitializeAsync();
        await panel.GetByText("Has everything").WaitForAsync(new() { Timeout = 2 * Patience });
        visitor.AssertNoComplaints();
    }

    [Fact]
    [Trait("Category", Album.Category)]
    public async Task Storage_EveryScreenInBothThemes_FitsAndIsAccessible()
    {
        await using var victoria = await VictoriaMetricsProcess.StartAsync();
        await using var server = await HPManagerProcess.StartAsync("--demo");
        using var http = new HttpClient { BaseAddress = server.Address };
        (await http.PutAsJsonAsync("/api/storage/engines/victoriametrics", new { settings = new { url = victoria.Address } })).EnsureSuccessStatusCode();
        foreach (var screen in new[] { Screen.Desktop, Screen.Tablet, Screen.Phone })
        {
            foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await using var visitor = await browser.OpenAsync(server.Address, screen, colours);
                await visitor.Page.GotoAsync("/storage");
                await visitor.Page.GetByText("Has everything").WaitForAsync(new() { Timeout = Patience });
                await visitor.AssertNoSidewaysScrollAsync();
                await Axe.AssertAccessibleAsync(visitor.Page);
                if (screen != Screen.Tablet) await Album.KeepAsync(visitor, $"storage-{screen.Name}-{colours.ToString().ToLowerInvariant()}");
                visitor.AssertNoComplaints();
            }
        }
    }

    private static async Task<ILocator> OpenAsync(Visitor visitor, string engine)
    {
        await visitor.Page.GotoAsync("/storage");
        var panel = visitor.Page.GetByRole(AriaRole.Region, new() { Name = engine, Exact = true });
        var form = panel.Locator("form");

        // A click before the circuit stands is lost.
        await Eventually.IsTrue(async () =>
        {
            if (await form.IsVisibleAsync()) return true;
            try
            {
                await panel.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync(new() { Timeout = 1000 });
            }
            catch (TimeoutException)
            {
                // It is gone, because an earlier click has opened the form.
            }

            return await form.IsVisibleAsync();
        });
        return panel;
    }
}
