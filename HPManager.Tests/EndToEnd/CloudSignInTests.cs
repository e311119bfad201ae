using System.Text.RegularExpressions;
using HPManager.Tests.Drivers.Viessmann;
using Microsoft.Playwright;

namespace HPManager.Tests.EndToEnd;

/// <summary>A heat pump of a manufacturer's cloud is added through the wizard: signed in, in another tab, chosen among two, tested and saved.</summary>
public sealed partial class CloudSignInTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wizard_Viessmann_IsSignedInAddedAndShowsItsValue(bool isPasted)
    {
        var folder = Directory.CreateTempSubdirectory("hpmanager-test-");
        await using var cloud = await FakeCloud.StartAsync();
        cloud.Installations = FakeCloud.InstallationsOf(("1", "CU401B_S"), ("0", "E3_Vitocal"));
        cloud.TellNumber("heating.sensors.temperature.outside", -3.4, at: "2026-01-15T12:00:00.000Z");
        try
        {
            await using var server = await HPManagerProcess.StartAsync(
                $"--Storage:DataFolder={folder.FullName}", $"--Viessmann:ApiBase={cloud.ApiBase}", $"--Viessmann:AuthoriseAddress={cloud.Authorise}", $"--Viessmann:TokenAddress={cloud.Token}");
            await using var visitor = await browser.OpenAsync(server.Address, Screen.Desktop);
            var page = visitor.Page;
            await page.GotoAsync("/heatpumps/new");
            await page.Locator("a.choice", new() { Has = page.GetByText("Viessmann", new() { Exact = true }) }).ClickAsync();

            // A make with one model names it on its card too: the step has to be another one first.
            await page.GetByRole(AriaRole.Heading, new() { Name = "Which Viessmann is it?" }).WaitForAsync();
            await page.Locator("a.choice", new() { HasText = "Vitocal through the cloud" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "It is open, continue" }).ClickAsync();
            await Assertions.Expect(page.GetByLabel("Redirect address to register")).ToHaveValueAsync($"{server.Address}signin/viessmann");
            await page.GetByLabel("Client id", new() { Exact = true }).FillAsync(FakeCloud.Client);
            await page.GetByLabel("Client id", new() { Exact = true }).PressAsync("Tab");

            await SignInAsync(page, cloud, isPasted);

            await page.GetByLabel("Heat pump", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "E3_Vitocal at Villa, gateway …0001, device 0" });
            await page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
            await page.GetByText("It answers").WaitForAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Continue", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByText("every 76 s at most")).ToBeVisibleAsync();
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Villa");
            await page.GetByLabel("Read every", new() { Exact = false }).FillAsync("30");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save and start" }).ClickAsync();
            await page.GetByText("Villa is set up").WaitForAsync();
            using var api = new HttpClient();
            Assert.Contains("\"interval\":76", await api.GetStringAsync(new Uri(server.Address, "/api/heatpumps")), StringComparison.Ordinal);
            await page.GetByRole(AriaRole.Link, new() { Name = "Open Villa", Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Sensors", Exact = true }).ClickAsync();
            await Assertions.Expect(page.Locator("li[data-sensor=outside_temp] .reading")).ToContainTextAsync("\u22123.4");

            // No token, code or refresh token is anywhere in the file or the log as it is.
            Assert.DoesNotMatch(Tokens(), server.Log);
            visitor.AssertNoComplaints();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SignInAsync(IPage page, FakeCloud cloud, bool isPasted)
    {
        var link = page.GetByRole(AriaRole.Link, new() { Name = "Sign in at Viessmann" });
        if (isPasted)
        {
            // As a browser on another machine: the address that it ends at leads nowhere.
            using var elsewhere = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            using var answer = await elsewhere.GetAsync(new Uri($"{await link.GetAttributeAsync("href")}&agree=yes"));
            await page.GetByText("The browser cannot come back?").ClickAsync();
            await page.GetByLabel("Address that the browser ended at").FillAsync(answer.Headers.Location!.AbsoluteUri);
            await page.GetByLabel("Address that the browser ended at").PressAsync("Tab");
            await page.GetByRole(AriaRole.Button, new() { Name = "Take this address" }).ClickAsync();
        }
        else
        {
            var tab = await page.Context.RunAndWaitForPageAsync(() => link.ClickAsync());
            await tab.Locator("#agree").ClickAsync();
            await tab.GetByRole(AriaRole.Heading, new() { Name = "You are signed in at Viessmann" }).WaitForAsync();
            Assert.DoesNotContain("code=", tab.Url, StringComparison.Ordinal);
            await tab.ReloadAsync();
            await tab.GetByRole(AriaRole.Heading, new() { Name = "You are signed in at Viessmann" }).WaitForAsync();
            await tab.CloseAsync();
        }

        await page.GetByText("Signed in since").WaitForAsync();
        Assert.Equal(1, cloud.Exchanges);
    }

    [GeneratedRegex(@"\b(?:AT|RT)\d+\b|code-\d", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tokens();
}
