using AngleSharp.Dom;
using Bunit;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Tests.Drivers.Viessmann;
using HPManager.Web.Components.Controls;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Components.Controls;

public sealed class AccountFieldTests : IDisposable
{
    private readonly PagesRig _rig = new();
    private readonly FakeSignIn _cloud = new();
    private readonly MemoryAccountStore _store = new();
    private readonly HeatPumpDraft _draft = new();

    private readonly IReadOnlyList<ParameterDefinition> _definitions =
    [
        new() { Key = "client_id", Label = "Client id", Kind = ParameterKind.Text, IsRequired = true },
        new() { Key = "account", Label = "Sign-in at Cloud", Kind = ParameterKind.Account, Service = "cloud", IsRequired = true },
        new() { Key = "device", Label = "Heat pump", Kind = ParameterKind.AccountDevice, Service = "cloud", IsRequired = true },
    ];

    public AccountFieldTests()
    {
        _cloud.Store = _store;
        _rig.Services.AddSingleton<IAccountStore>(_store);
        _rig.Services.AddSingleton<IAccountSignIn>(_cloud);
        _rig.Services.AddSingleton<AccountSignIns>();
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void WithoutAClientId_NothingCanBeSignedIn()
    {
        var fields = Render();

        Assert.NotNull(fields.Find("[data-field='connection.account'] button[disabled]"));
        Assert.Contains("Enter the client id first.", fields.Markup, StringComparison.Ordinal);
        Assert.Equal("http://localhost/signin/cloud", fields.Find("#field-connection-account-redirect").GetAttribute("value"));
    }

    [Fact]
    public async Task SignInInTheOtherTab_ContinuesByItselfAndTakesTheOnlyDevice()
    {
        _draft.Connection["client_id"] = "my-client";
        var fields = Render();
        var link = Link(fields);
        Assert.Equal(("_blank", "http://cloud/my-client/1"), (link.GetAttribute("target"), link.GetAttribute("href")));
        link.Click();
        Assert.Contains("Waiting for the sign-in", fields.Markup, StringComparison.Ordinal);

        await _rig.Services.GetRequiredService<AccountSignIns>().CompleteAsync("cloud", new SignInReturn("ticket-1", "code", null), default);

        await fields.WaitForAssertionAsync(() => Assert.Equal(("cloud-1", "1/2/0"), (_draft.Connection.GetValueOrDefault("account"), _draft.Connection.GetValueOrDefault("device"))));
        Assert.Contains("Signed in since", fields.Markup, StringComparison.Ordinal);
        Assert.Equal("my-client", _draft.Connection["client_id"]);
    }

    [Fact]
    public async Task SeveralDevices_HaveToBeChosenFrom()
    {
        _cloud.Devices = [new("1/2/0", "House"), new("1/2/1", "Annexe")];
        Known("my-client");
        _draft.Connection["client_id"] = "my-client";
        var fields = Render();

        await fields.WaitForAssertionAsync(() => Assert.Equal(3, fields.FindAll("#field-connection-device option").Count));
        Assert.False(_draft.Connection.ContainsKey("device"));
        fields.Find("#field-connection-device").Change("1/2/1");

        Assert.Equal("1/2/1", _draft.Connection["device"]);
    }

    [Fact]
    public async Task SecondHeatPumpOfTheSameClient_NeedsNoSecondSignIn()
    {
        Known("my-client");
        var fields = Render();

        fields.Find("#field-connection-client_id").Change("my-client");

        await fields.WaitForAssertionAsync(() => Assert.Equal("cloud-1", _draft.Connection.GetValueOrDefault("account")));
        Assert.Equal("Sign in again", Link(fields).TextContent);
    }

    [Fact]
    public async Task PastedAddress_EndsTheSignIn()
    {
        _draft.Connection["client_id"] = "my-client";
        var fields = Render();

        fields.Find("#field-connection-account-pasted").Change("http://localhost:5080/nothing");
        await Button(fields, "Take this address").ClickAsync(new());
        Assert.Contains("code= and state=", fields.Find("details .wrong").TextContent, StringComparison.Ordinal);
        fields.Find("#field-connection-account-pasted").Change("http://localhost:5080/signin/cloud?code=abc&state=ticket-1");
        await Button(fields, "Take this address").ClickAsync(new());

        await fields.WaitForAssertionAsync(() => Assert.Equal("cloud-1", _draft.Connection.GetValueOrDefault("account")));
        Assert.Equal(["abc"], _cloud.Codes);
    }

    [Fact]
    public async Task RefusedSignIn_SaysWhyAndCanBeTriedAgain()
    {
        _draft.Connection["client_id"] = "my-client";
        _cloud.Failure = new Failure(FailureCause.AccessDenied, "The cloud did not allow it.", "Check the client id.");
        var fields = Render();

        await _rig.Services.GetRequiredService<AccountSignIns>().CompleteAsync("cloud", new SignInReturn("ticket-1", null, "no"), default);

        await fields.WaitForAssertionAsync(() => Assert.Contains("The cloud did not allow it.", fields.Markup, StringComparison.Ordinal));
        await fields.WaitForAssertionAsync(() => Assert.Equal("http://cloud/my-client/2", Link(fields).GetAttribute("href")));
        Assert.False(_draft.Connection.ContainsKey("account"));
    }

    [Fact]
    public async Task SignedOutAccount_CanBeSignedInAgainWithoutLosingAnything()
    {
        Known("my-client", secret: null);
        (_draft.Connection["client_id"], _draft.Connection["account"], _draft.Connection["device"]) = ("my-client", "cloud-1", "1/2/0");
        var fields = Render();
        Assert.Contains("The sign-in has ended.", fields.Markup, StringComparison.Ordinal);

        await _rig.Services.GetRequiredService<AccountSignIns>().CompleteAsync("cloud", new SignInReturn("ticket-1", "code", null), default);

        await fields.WaitForAssertionAsync(() => Assert.Contains("Signed in since", fields.Markup, StringComparison.Ordinal));
        Assert.Equal("cloud-1", _cloud.Requests[0].AccountId);
        Assert.Equal(("my-client", "cloud-1", "1/2/0"), (_draft.Connection["client_id"], _draft.Connection["account"], _draft.Connection["device"]));
        Assert.Equal(0, _cloud.Asked);
    }

    [Fact]
    public async Task DevicesThatCannotBeAskedFor_SayWhy()
    {
        Known("my-client");
        _cloud.DevicesFailure = new Failure(FailureCause.LimitReached, "No more calls today.", null);
        _draft.Connection["client_id"] = "my-client";
        var fields = Render();

        await fields.WaitForAssertionAsync(() => Assert.Contains("No more calls today.", fields.Markup, StringComparison.Ordinal));
        _cloud.DevicesFailure = null;
        await Button(fields, "Look again").ClickAsync(new());
        await fields.WaitForAssertionAsync(() => Assert.Equal("1/2/0", _draft.Connection.GetValueOrDefault("device")));
    }

    private void Known(string clientId, string? secret = "sealed:x") =>
        _store.Accounts["cloud-1"] = new Account { Id = "cloud-1", Service = "cloud", ClientId = clientId, Secret = secret, SignedInAt = _rig.Time.GetUtcNow() };

    private IRenderedComponent<ParameterFields> Render() => _rig.Render<ParameterFields>(parameters => parameters
        .Add(it => it.Draft, _draft).Add(it => it.Definitions, _definitions).Add(it => it.Prefix, HeatPumpDraft.ConnectionPrefix));

    private static IElement Link(IRenderedComponent<ParameterFields> fields) => fields.Find("[data-field='connection.account'] a.button");

    private static IElement Button(IRenderedComponent<ParameterFields> fields, string text) => fields.FindAll("button").First(button => button.TextContent == text);

    private sealed class FakeSignIn : IAccountSignIn
    {
        public MemoryAccountStore Store { get; set; } = null!;

        public List<SignInRequest> Requests { get; } = [];

        public List<string?> Codes { get; } = [];

        public Failure? Failure { get; set; }

        public Failure? DevicesFailure { get; set; }

        public IReadOnlyList<AccountDevice> Devices { get; set; } = [new("1/2/0", "House")];

        public int Asked { get; private set; }

        public string Service => "cloud";

        public string Name => "Cloud";

        public SignInStart Begin(SignInRequest request)
        {
            Requests.Add(request);
            return new SignInStart($"ticket-{Requests.Count}", new Uri($"http://cloud/{request.ClientId}/{Requests.Count}"));
        }

        public async Task<SignInResult> CompleteAsync(SignInReturn answer, CancellationToken cancellationToken)
        {
            Codes.Add(answer.Code);
            if (Failure is not null) return new SignInResult(null, Failure);
            var account = new Account { Id = "cloud-1", Service = Service, ClientId = Requests[^1].ClientId, Secret = "sealed:y", SignedInAt = new DateTimeOffset(2026, 1, 15, 14, 0, 0, TimeSpan.Zero) };
            Store.Accounts[account.Id] = account;
            await Task.Yield();
            return new SignInResult(account, null);
        }

        public Task<AccountDevices> DevicesAsync(string accountId, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new AccountDevices(DevicesFailure is null ? Devices : [], DevicesFailure));
        }
    }
}
