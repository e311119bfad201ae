using HPManager.Core.Accounts;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Driver;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Viessmann.SignIn;

/// <summary>Signs in at Viessmann's cloud: authorization code with PKCE, a public client without a secret.</summary>
internal sealed class ViessmannSignIn(CloudAccounts accounts, TimeProvider time, ILogger<ViessmannSignIn> logger) : IAccountSignIn
{
    private const string Scope = "IoT User offline_access";
    private const int MostPending = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SignInRequest Request, string Verifier, DateTimeOffset At)> _pending = [];

    /// <inheritdoc/>
    public string Service => CloudAccounts.Service;

    /// <inheritdoc/>
    public string Name => "Viessmann";

    /// <inheritdoc/>
    public SignInStart Begin(SignInRequest request)
    {
        var (ticket, verifier) = (Pkce.NewSecret(), Pkce.NewSecret());
        lock (_gate)
        {
            Forget();
            if (_pending.Count >= MostPending) _pending.Remove(_pending.MinBy(pair => pair.Value.At).Key);
            _pending[ticket] = (request, verifier, time.GetUtcNow());
        }

        var fields = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = request.ClientId,
            ["redirect_uri"] = request.Redirect.AbsoluteUri,
            ["scope"] = Scope,
            ["code_challenge"] = Pkce.ChallengeOf(verifier),
            ["code_challenge_method"] = "S256",
            ["state"] = ticket,
        };
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return new SignInStart(ticket, new Uri($"{accounts.Options.AuthoriseAddress}?{query}"));
    }

    /// <inheritdoc/>
    public async Task<SignInResult> CompleteAsync(SignInReturn answer, CancellationToken cancellationToken)
    {
        (SignInRequest Request, string Verifier, DateTimeOffset At) pending;
        lock (_gate)
        {
            Forget();
            if (!_pending.Remove(answer.Ticket, out pending)) return Failed(ViessmannFailures.UnknownSignIn);
        }

        if (answer.Code is not { } code) return Failed(ViessmannFailures.SignInRefused(answer.Error ?? ""));

        // The code lives for about 20 s: nothing comes before its exchange.
        var exchanged = await accounts.Http.ExchangeAsync(
            [
                new("grant_type", "authorization_code"),
                new("client_id", pending.Request.ClientId),
                new("redirect_uri", pending.Request.Redirect.AbsoluteUri),
                new("code_verifier", pending.Verifier),
                new("code", code),
            ],
            cancellationToken);
        if (!exchanged.IsSuccess) return Failed(ViessmannFailures.OfExchange(exchanged));
        if (TokenAnswer.Read(exchanged.Body) is not { } tokens) return Failed(ViessmannFailures.WithoutToken);
        if (tokens.Refresh is null) return Failed(ViessmannFailures.WithoutRefresh);
        return await KeepAsync(pending.Request, tokens, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AccountDevices> DevicesAsync(string accountId, CancellationToken cancellationToken)
    {
        var account = accounts.Of(accountId);
        var result = await account.CallAsync(accounts.Http.AddressOf(Installations.Path), null, CallPurpose.Asked, cancellationToken);
        return result.IsSuccess
            ? new AccountDevices(Installations.HeatPumps(result.Body), null)
            : new AccountDevices([], new ViessmannFailures(accounts.Http, account.Budget).Of(result));
    }

    private static SignInResult Failed(Failure failure) => new(null, failure);

    // Signing in again must find the account that heat pumps already use: it is known by the installations that it sees.
    private async Task<SignInResult> KeepAsync(SignInRequest request, TokenAnswer tokens, CancellationToken cancellationToken)
    {
        var seen = await accounts.Http.CallAsync(accounts.Http.AddressOf(Installations.Path), tokens.Access, null, cancellationToken);
        var places = seen.IsSuccess ? Installations.Ids(seen.Body) : [];
        var known = (await accounts.Store.ListAsync(Service, cancellationToken)).FirstOrDefault(account => IsSame(account, request, places));
        var signedIn = new Account
        {
            Id = known?.Id ?? "",
            Service = Service,
            ClientId = request.ClientId,
            Places = places.Count > 0 ? string.Join(',', places) : known?.Places ?? "",
            Secret = accounts.Protector.Protect(tokens.Refresh!),
            SignedInAt = time.GetUtcNow(),
        };
        if (known is null) signedIn = await accounts.Store.AddAsync(signedIn, cancellationToken);
        else await accounts.Store.SignInAgainAsync(signedIn, cancellationToken);
        var account = accounts.Of(signedIn.Id);
        account.SignedIn(request.ClientId, tokens);
        account.Budget.Take(CallPurpose.Asked);
        if (seen.Limit is { } limit) account.Budget.Exceeded(limit);
        AccountLog.SignedIn(logger, signedIn.Id);
        return new SignInResult(signedIn with { Secret = null }, null);
    }

    private static bool IsSame(Account account, SignInRequest request, IReadOnlyList<string> places)
    {
        var before = account.Places.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (before.Length > 0 && places.Count > 0) return before.Intersect(places).Any();
        return account.Id == request.AccountId || (request.AccountId is null && account.ClientId == request.ClientId);
    }

    private void Forget()
    {
        var limit = time.GetUtcNow() - Patience;
        foreach (var ticket in _pending.Where(pair => pair.Value.At < limit).Select(pair => pair.Key).ToList()) _pending.Remove(ticket);
    }
}
