using System.Data.Common;
using System.Text.Json;
using HPManager.Core.Accounts;
using HPManager.Core.Storage;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.SignIn;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Viessmann.Accounts;

/// <summary>
/// One account at the cloud as it is used: its tokens, its budget, and what was read of each gateway last. Everything that is sent for the account goes through
/// here, whoever asks. Thread-safe.
/// </summary>
internal sealed class CloudAccount(string id, CloudHttp http, IAccountStore store, ISecretProtector protector, TimeProvider time, ILogger logger)
{
    // A token is renewed a little before it ends, so that it does not end on its way.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private (string Token, DateTimeOffset Until)? _access;
    private string? _refresh;
    private string? _clientId;
    private volatile bool _isLoaded;
    private bool _isRefreshKept = true;
    private Task<CloudResult?>? _renewing;

    /// <summary>The account's id.</summary>
    public string Id => id;

    /// <summary>What it may spend.</summary>
    public CallBudget Budget { get; } = new(time);

    /// <summary>What was read of its gateways.</summary>
    public GatewayReadings Gateways { get; } = new(time);

    /// <summary>The way to the cloud.</summary>
    public CloudHttp Http => http;

    /// <summary>Takes over a sign-in that was just made.</summary>
    public void SignedIn(string clientId, TokenAnswer tokens)
    {
        lock (_gate)
        {
            (_clientId, _refresh, _access, _isRefreshKept) = (clientId, tokens.Refresh, (tokens.Access, time.GetUtcNow() + tokens.ExpiresIn), true);
        }
    }

    /// <summary>
    /// Sends one request within the budget, with a token that is renewed when it has ended; a request that the cloud refuses for its token's age is repeated once,
    /// because nothing was done with it.
    /// </summary>
    /// <param name="address">Below the cloud's base.</param>
    /// <param name="body">What a command takes; null to read.</param>
    /// <param name="purpose">What it may use up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<CloudResult> CallAsync(Uri address, JsonElement? body, CallPurpose purpose, CancellationToken cancellationToken)
    {
        if (await LoadAsync(cancellationToken) is { } unknown) return unknown;
        string? refused = null;
        while (true)
        {
            var (token, failure) = await TokenAsync(refused, cancellationToken);
            if (failure is not null) return failure with { IsBeforeSending = true };
            if (Budget.Take(purpose) is { } until) return new CloudResult(CloudFault.LimitReached, "") { Until = until, Limit = Budget.Blocked?.Limit, IsBeforeSending = true };
            await KeepSpendingAsync();
            var result = await http.CallAsync(address, token, body, cancellationToken);
            if (result.Limit is { } limit)
            {
                Budget.Exceeded(limit);
                await KeepSpendingAsync();
                return result with { Until = Budget.Blocked?.Until, IsBeforeSending = true };
            }

            if (result.Fault != CloudFault.TokenExpired) return result;
            if (refused is not null) return CloudResult.Failed(CloudFault.AccessDenied, "the cloud refuses a token that it has just given") with { IsBeforeSending = true };
            refused = token;
        }
    }

    // Null when the account is known.
    private async Task<CloudResult?> LoadAsync(CancellationToken cancellationToken)
    {
        if (_isLoaded) return null;
        if (await store.FindAsync(id, cancellationToken) is not { } account)
            return CloudResult.Failed(CloudFault.SignedOut, "the account is not kept here") with { IsBeforeSending = true };
        var refresh = account.Secret is { } secret ? protector.Unprotect(secret) : null;
        lock (_gate)
        {
            // Of two who come at once, the first one's counting goes on.
            if (_isLoaded) return null;
            Budget.Restore(account.Spending);
            _clientId ??= account.ClientId;
            _refresh ??= refresh;
            _isLoaded = true;
        }

        if (account.Secret is not null && refresh is null) AccountLog.Unreadable(logger, id);
        return null;
    }

    private async Task<(string Token, CloudResult? Failure)> TokenAsync(string? refused, CancellationToken cancellationToken)
    {
        Task<CloudResult?> renewing;
        lock (_gate)
        {
            if (_access is { } access && access.Token != refused && access.Until - time.GetUtcNow() > RenewBefore) return (access.Token, null);
            renewing = _renewing ??= Task.Run(RenewAsync, CancellationToken.None);
        }

        // The new refresh token replaces the old one at the cloud: whoever asked may leave, the exchange is carried through.
        var failure = await renewing.WaitAsync(cancellationToken);
        lock (_gate) return failure is null && _access is { } renewed ? (renewed.Token, null) : ("", failure ?? CloudResult.Failed(CloudFault.SignedOut, ""));
    }

    private async Task<CloudResult?> RenewAsync()
    {
        try
        {
            string? refresh, clientId;
            lock (_gate) (refresh, clientId) = (_refresh, _clientId);
            if (refresh is null || clientId is null) return CloudResult.Failed(CloudFault.SignedOut, "");
            if (!_isRefreshKept) await KeepRefreshAsync(refresh);
            var result = await http.ExchangeAsync(
                [new("grant_type", "refresh_token"), new("client_id", clientId), new("refresh_token", refresh)], CancellationToken.None);
            if (!result.IsSuccess) return await RefusedAsync(result, refresh);
            if (TokenAnswer.Read(result.Body) is not { } tokens) return CloudResult.Failed(CloudFault.BadJson, "the answer holds no token");
            var kept = tokens.Refresh ?? refresh;
            lock (_gate)
            {
                // A sign-in made meanwhile is the newer one.
                if (_refresh != refresh) return null;
                (_access, _refresh) = ((tokens.Access, time.GetUtcNow() + tokens.ExpiresIn), kept);
            }

            if (kept != refresh) await KeepRefreshAsync(kept);
            return null;
        }
        finally
        {
            lock (_gate) _renewing = null;
        }
    }

    private async Task<CloudResult> RefusedAsync(CloudResult result, string refresh)
    {
        var error = result.Body.Member("error").Text();
        if (error is not ("invalid_grant" or "invalid_client" or "unauthorized_client") && result.Fault != CloudFault.TokenExpired) return result;
        AccountLog.SignedOut(logger, id, error ?? "");
        if (error == "invalid_grant")
        {
            // It will never be good again. A sign-in made meanwhile is not touched.
            bool isMine;
            lock (_gate)
            {
                isMine = _refresh == refresh;
                if (isMine) (_refresh, _access) = (null, null);
            }

            if (isMine) await store.KeepSecretAsync(id, null, CancellationToken.None);
        }

        return CloudResult.Failed(CloudFault.SignedOut, error ?? "");
    }

    private async Task KeepRefreshAsync(string refresh)
    {
        try
        {
            await store.KeepSecretAsync(id, protector.Protect(refresh), CancellationToken.None);
            _isRefreshKept = true;
        }
        catch (Exception fault) when (fault is DbException or IOException or InvalidOperationException)
        {
            // It is used from memory, and kept with the next renewal.
            _isRefreshKept = false;
            AccountLog.NotKept(logger, id, fault);
        }
    }

    private async Task KeepSpendingAsync()
    {
        try
        {
            await store.KeepSpendingAsync(id, Budget.ToJson(), CancellationToken.None);
        }
        catch (Exception fault) when (fault is DbException or IOException or InvalidOperationException)
        {
            AccountLog.NotKept(logger, id, fault);
        }
    }
}
