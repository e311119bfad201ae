using System.Runtime.CompilerServices;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Drivers.Simulation.Viessmann;

/// <summary>What a heat pump in a simulated cloud would have told through a time that is over, read by a driver that lives in that time.</summary>
internal static class ViessmannPast
{
    private const string Account = "viessmann-1";

    public static async IAsyncEnumerable<Snapshot> LiveThroughAsync(
        ViessmannModel model, HeatPump heatPump, SimulatedHeatPump twin, PastClock clock, DateTimeOffset until, TimeSpan every, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = SimulatedViessmannCloud.Start(twin, clock);
        var settings = SimulatedViessmannCloud.Settings(server.Port).ToDictionary(pair => pair.Key.Split(':')[1], pair => pair.Value!);
        var options = new ViessmannOptions
        {
            ApiBase = settings[nameof(ViessmannOptions.ApiBase)],
            AuthoriseAddress = settings[nameof(ViessmannOptions.AuthoriseAddress)],
            TokenAddress = settings[nameof(ViessmannOptions.TokenAddress)],
        };
        var store = new OneAccount(server.NewRefreshToken());
        using var accounts = new CloudAccounts(options, store, store, clock, NullLoggerFactory.Instance);
        var driver = new ViessmannDriver(new Lazy<CloudAccounts>(accounts), clock);
        var here = model.Complete(heatPump with
        {
            Connection = new ConnectionConfig(
                ViessmannConnections.Kind,
                heatPump.Connection.Settings.With(ViessmannConnections.Account, Account).With(ViessmannConnections.Device, SimulatedViessmannCloud.Device)),
        });
        await using var session = driver.Open(here.Connection);
        await using var device = session.Attach(here, model, new SimulatedPast.NoMemory());
        for (; clock.GetUtcNow() < until; clock.Advance(every))
        {
            if ((await device.PollAsync(clock.GetUtcNow(), cancellationToken)).Snapshot is { } snapshot) yield return snapshot;
        }
    }

    private sealed class OneAccount(string refresh) : IAccountStore, ISecretProtector
    {
        private Account _account = new()
        {
            Id = ViessmannPast.Account,
            Service = CloudAccounts.Service,
            ClientId = SimulatedViessmannCloud.ClientId,
            Secret = refresh,
            SignedInAt = DateTimeOffset.UnixEpoch,
        };

        public Task<IReadOnlyList<Account>> ListAsync(string service, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Account>>([_account]);

        public Task<Account?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<Account?>(_account);

        public Task<Account> AddAsync(Account account, CancellationToken cancellationToken) => Task.FromResult(_account = account);

        public Task<bool> SignInAgainAsync(Account account, CancellationToken cancellationToken) => Take(account);

        public Task<bool> KeepSecretAsync(string id, string? secret, CancellationToken cancellationToken) => Take(_account with { Secret = secret });

        public Task<bool> KeepSpendingAsync(string id, string spending, CancellationToken cancellationToken) => Take(_account with { Spending = spending });

        public string Protect(string plain) => plain;

        public string? Unprotect(string kept) => kept;

        private Task<bool> Take(Account account)
        {
            _account = account;
            return Task.FromResult(true);
        }
    }
}
