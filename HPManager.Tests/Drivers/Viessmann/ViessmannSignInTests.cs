using System.Net;
using HPManager.Core.Accounts;
using HPManager.Core.Manufacturers;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Viessmann;

/// <summary>The sign-in against a cloud that checks what it is sent.</summary>
public sealed class ViessmannSignInTests : IAsyncLifetime
{
    private static readonly Uri Redirect = new("http://localhost:5080/signin/viessmann");
    private FakeCloud _cloud = null!;
    private ViessmannSite _site = null!;

    public async Task InitializeAsync()
    {
        _cloud = await FakeCloud.StartAsync();
        _site = new ViessmannSite(_cloud);
        _site.Store.Accounts.Clear();
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task Complete_CodeOfTheBrowser_KeepsTheSignInProtected()
    {
        var (account, failure) = await SignInAsync();

        Assert.True(failure is null, failure?.ToString());
        Assert.Equal(("viessmann-1", FakeCloud.Client, FakeCloud.Installation), (account!.Id, account.ClientId, account.Places));
        Assert.Equal("RT2", _site.Store.Refresh("viessmann-1"));
        Assert.DoesNotContain("RT2", _site.Store.Accounts["viessmann-1"].Secret, StringComparison.Ordinal);
        Assert.Null(account.Secret);
    }

    [Fact]
    public async Task Devices_OfTheAccount_AreItsHeatPumpsOnly()
    {
        _cloud.Installations = FakeCloud.InstallationsOf(("0", "E3_Vitocal"), ("1", "CU401B_S"), ("RoomControl-1", "x/../y"), ("../2", "Vitocal"));
        await SignInAsync();

        var (devices, failure) = await _site.SignIn.DevicesAsync("viessmann-1", default);

        Assert.Null(failure);
        Assert.Equal(["4200001/7000000000000001/0", "4200001/7000000000000001/1", "4200001/7000000000000001/RoomControl-1"], devices.Select(device => device.Key));
        Assert.Equal("E3_Vitocal at Villa, gateway …0001, device 0", devices[0].Label);
    }

    [Fact]
    public async Task Complete_SameStateTwice_IsRefusedTheSecondTime()
    {
        var answer = await AgreeAsync(_site.SignIn.Begin(new SignInRequest(FakeCloud.Client, Redirect, null)));
        Assert.NotNull((await _site.SignIn.CompleteAsync(answer, default)).Account);

        var (account, failure) = await _site.SignIn.CompleteAsync(answer, default);

        Assert.Null(account);
        Assert.Contains("was used already", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(1, _cloud.Exchanges);
    }

    [Fact]
    public async Task Complete_StateThatWasNeverGiven_AsksTheCloudNothing()
    {
        var (_, failure) = await _site.SignIn.CompleteAsync(new SignInReturn("made-up", "code", null), default);

        Assert.Equal(FailureCause.AccessDenied, failure!.Cause);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task Complete_AfterAQuarterOfAnHour_IsTooLate()
    {
        var answer = await AgreeAsync(_site.SignIn.Begin(new SignInRequest(FakeCloud.Client, Redirect, null)));
        _site.Time.Advance(TimeSpan.FromMinutes(16));

        Assert.Contains("15 minutes", (await _site.SignIn.CompleteAsync(answer, default)).Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(0, _cloud.Exchanges);
    }

    [Fact]
    public async Task Complete_CodeThatIsTooOld_SaysSo()
    {
        var start = _site.SignIn.Begin(new SignInRequest(FakeCloud.Client, Redirect, null));

        var (_, failure) = await _site.SignIn.CompleteAsync(new SignInReturn(start.Ticket, "code-unknown", null), default);

        Assert.Equal(FailureCause.AccessDenied, failure!.Cause);
        Assert.Contains("20 s", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_ClientThatIsNotActiveYet_SaysHowLongItTakes()
    {
        var start = _site.SignIn.Begin(new SignInRequest("another", Redirect, null));

        var (_, failure) = await _site.SignIn.CompleteAsync(new SignInReturn(start.Ticket, null, "Client not registered."), default);

        Assert.Equal("Viessmann did not allow the sign-in: Client not registered.", failure!.Message);
        Assert.Contains("an hour", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"access_token\":\"AT9\",\"expires_in\":3600}", "renew")]
    [InlineData("{\"refresh_token\":\"RT9\"}", "no token")]
    [InlineData("{\"access_token\":\"AT 9\\r\\nX: y\",\"refresh_token\":\"RT9\"}", "no token")]
    [InlineData("{\"access_token\":7,\"refresh_token\":[]}", "no token")]
    [InlineData("[]", "no token")]
    public async Task Complete_AnswerWithoutWhatIsNeeded_KeepsNothing(string answer, string words)
    {
        _cloud.Script = async (context, request) =>
        {
            if (request.Path != "/idp/v3/token") return false;
            await FakeCloud.JsonAsync(context, 200, answer);
            return true;
        };
        var (_, failure) = await SignInAsync();

        Assert.Contains(words, failure!.Message, StringComparison.Ordinal);
        Assert.Empty(_site.Store.Accounts);
    }

    [Fact]
    public async Task SignInAgain_SeesTheSamePlace_RenewsTheAccountThatIsThere()
    {
        await SignInAsync();
        var before = _site.Store.Refresh("viessmann-1");

        var (account, _) = await SignInAsync();

        Assert.Equal("viessmann-1", account!.Id);
        Assert.Single(_site.Store.Accounts);
        Assert.NotEqual(before, _site.Store.Refresh("viessmann-1"));
    }

    [Fact]
    public async Task SignIn_OfSomebodyElseWithTheSameClient_IsAnAccountOfItsOwn()
    {
        await SignInAsync();
        _cloud.Installations = FakeCloud.OneHeatPump.Replace(FakeCloud.Installation, "4300002", StringComparison.Ordinal);

        var (account, _) = await SignInAsync();

        Assert.Equal("viessmann-2", account!.Id);
    }

    [Fact]
    public async Task SignIns_ReloadOfTheReturnedAddress_GivesTheSameResultAndTellsTheWaitingPageOnce()
    {
        var signIns = new AccountSignIns([_site.SignIn], _site.Time);
        var start = _site.SignIn.Begin(new SignInRequest(FakeCloud.Client, Redirect, null));
        var told = new List<SignInResult>();
        using var watching = signIns.Watch(start.Ticket, told.Add);
        var answer = await AgreeAsync(start);

        var first = await signIns.CompleteAsync("viessmann", answer, default);
        var second = await signIns.CompleteAsync("viessmann", answer, default);

        Assert.Same(first, second);
        Assert.Equal([first!], told);
        Assert.Equal(1, _cloud.Exchanges);
        Assert.Same(first, signIns.ResultOf(start.Ticket));
        _site.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Null(signIns.ResultOf(start.Ticket));
    }

    [Theory]
    [InlineData("http://localhost:5080/signin/viessmann?code=a%2Fb&state=s", "s", "a/b", null)]
    [InlineData("  code=a&state=s#x ", "s", "a", null)]
    [InlineData("http://x/?state=s&error=access_denied", "s", null, "access_denied")]
    [InlineData("http://x/?error=x&error_description=Client+not+registered.&code=a", "", null, "Client not registered.")]
    public void Return_PastedAddress_IsRead(string address, string ticket, string? code, string? error)
    {
        Assert.True(SignInReturn.TryParse(address, out var answer));
        Assert.Equal(new SignInReturn(ticket, code, error), answer);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://localhost:5080/")]
    [InlineData("hello?state=s&code=")]
    public void Return_AnythingElse_IsNotRead(string? address) => Assert.False(SignInReturn.TryParse(address, out _));

    private async Task<SignInResult> SignInAsync() =>
        await _site.SignIn.CompleteAsync(await AgreeAsync(_site.SignIn.Begin(new SignInRequest(FakeCloud.Client, Redirect, null))), default);

    // What the owner's browser does.
    private static async Task<SignInReturn> AgreeAsync(SignInStart start)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var page = await browser.GetAsync(new Uri($"{start.Address}&agree=yes"));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal(Redirect.GetLeftPart(UriPartial.Path), page.Headers.Location!.GetLeftPart(UriPartial.Path));
        Assert.True(SignInReturn.TryParse(page.Headers.Location.AbsoluteUri, out var answer));
        return answer;
    }
}
