using System.Collections.Concurrent;
using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;
using HPManager.Drivers.Viessmann.SignIn;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Viessmann;

/// <summary>The driver in front of a fake cloud, signed in. The clock stands still until a test moves it.</summary>
internal sealed class ViessmannSite : IAsyncDisposable
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 30, TimeSpan.Zero);

    private readonly IEndpointSession _endpoint;

    public ViessmannSite(FakeCloud cloud, ViessmannSite? earlier = null, TimeProvider? time = null, string? device = null, int? callsPerDay = null)
        : this(
            new ViessmannOptions { ApiBase = cloud.ApiBase, AuthoriseAddress = cloud.Authorise, TokenAddress = cloud.Token }, earlier, time, device, callsPerDay) => Cloud = cloud;

    public ViessmannSite(ViessmannOptions options, ViessmannSite? earlier = null, TimeProvider? time = null, string? device = null, int? callsPerDay = null)
    {
        Time = earlier?.Time ?? new ManualTime(At);
        var clock = time ?? Time;
        Store = earlier?.Store ?? new MemoryAccountStore();
        Memory = earlier?.Memory ?? new MemoryDeviceMemory();
        if (earlier is null) Store.Accounts["viessmann-1"] = SignedIn(FakeCloud.FirstRefresh);
        Accounts = new CloudAccounts(options, Store, Store, clock, NullLoggerFactory.Instance);
        SignIn = new ViessmannSignIn(Accounts, clock, NullLogger<ViessmannSignIn>.Instance);
        Driver = new ViessmannDriver(new Lazy<CloudAccounts>(() => Accounts), clock);
        Model = new ViessmannManufacturerSource(Driver).Load().Single().Models.Single();
        HeatPump = HeatPumpAt(device ?? $"{FakeCloud.Installation}/{FakeCloud.Gateway}/{FakeCloud.Device}", callsPerDay);
        _endpoint = Driver.Open(HeatPump.Connection);
        Device = _endpoint.Attach(HeatPump, Model, Memory);
    }

    public FakeCloud? Cloud { get; }

    public ManualTime Time { get; }

    public MemoryAccountStore Store { get; }

    public MemoryDeviceMemory Memory { get; }

    public CloudAccounts Accounts { get; }

    public ViessmannSignIn SignIn { get; }

    public ViessmannDriver Driver { get; }

    public HeatPumpModel Model { get; }

    public HeatPump HeatPump { get; }

    public IDeviceSession Device { get; }

    public CloudAccount Account => Accounts.Of("viessmann-1");

    public static Account SignedIn(string refresh) => new()
    {
        Id = "viessmann-1",
        Service = "viessmann",
        ClientId = FakeCloud.Client,
        Places = FakeCloud.Installation,
        Secret = MemoryAccountStore.Sealed(refresh),
        SignedInAt = At,
    };

    public HeatPump HeatPumpAt(string device, int? callsPerDay = null) => Model.Complete(new HeatPump
    {
        Id = HeatPumpId.FromNumber(1),
        Name = "Villa",
        Manufacturer = "viessmann",
        Model = Model.Key,
        Interval = Model.DefaultInterval,
        Connection = new ConnectionConfig(
            "viessmann_cloud",
            new Settings([new("client_id", FakeCloud.Client), new("account", "viessmann-1"), new("device", device)]).With("calls_per_day", callsPerDay?.ToString(System.Globalization.CultureInfo.InvariantCulture))),
    });

    public IDeviceSession AttachAnother(string device) => _endpoint.Attach(HeatPumpAt(device) with { Id = HeatPumpId.FromNumber(2) }, Model, Memory);

    public async Task<Snapshot> PollAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(snapshot is not null, failure?.ToString());
        return snapshot;
    }

    public async Task<Reading> ReadingAsync(string key) => (await PollAsync())[SensorKey.Parse(key)] ?? throw new InvalidOperationException($"no sensor {key}");

    public async Task<Failure> FailAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null(snapshot);
        return failure!;
    }

    public Task<Failure?> WriteAsync(string key, double value) => Device.WriteAsync(SensorKey.Parse(key), value, default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task<Reading> ReadAsync(string key)
    {
        var (reading, failure) = await Device.ReadAsync(SensorKey.Parse(key), Time.GetUtcNow(), default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(failure is null, failure?.ToString());
        return reading;
    }

    /// <summary>Moves the clock to the next reading that the budget allows.</summary>
    public void NextSlot() => Time.Advance(TimeSpan.FromSeconds(90));

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        Accounts.Dispose();
    }
}

/// <summary>Accounts in memory, and a protector that turns texts around.</summary>
internal sealed class MemoryAccountStore : IAccountStore, ISecretProtector
{
    public ConcurrentDictionary<string, Account> Accounts { get; } = new();

    public bool HasLostItsKey { get; set; }

    public bool IsFull { get; set; }

    public static string Sealed(string text) => "sealed:" + new string([.. text.Reverse()]);

    public string? Refresh(string id) => Accounts[id].Secret is { } secret ? Unprotect(secret) : null;

    public string Protect(string plain) => Sealed(plain);

    public string? Unprotect(string kept) => HasLostItsKey || !kept.StartsWith("sealed:", StringComparison.Ordinal) ? null : new string([.. kept[7..].Reverse()]);

    public Task<IReadOnlyList<Account>> ListAsync(string service, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Account>>([.. Accounts.Values.Where(account => account.Service == service).OrderBy(account => account.Id, StringComparer.Ordinal)]);

    public Task<Account?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Accounts.GetValueOrDefault(id));

    public Task<Account> AddAsync(Account account, CancellationToken cancellationToken)
    {
        var added = account with { Id = $"{account.Service}-{Accounts.Count + 1}" };
        Accounts[added.Id] = added;
        return Task.FromResult(added);
    }

    public Task<bool> SignInAgainAsync(Account account, CancellationToken cancellationToken) =>
        ChangeAsync(account.Id, known => known with { ClientId = account.ClientId, Places = account.Places, Secret = account.Secret, SignedInAt = account.SignedInAt });

    public Task<bool> KeepSecretAsync(string id, string? secret, CancellationToken cancellationToken) =>
        IsFull ? throw new IOException("no space") : ChangeAsync(id, known => known with { Secret = secret });

    public Task<bool> KeepSpendingAsync(string id, string spending, CancellationToken cancellationToken) => ChangeAsync(id, known => known with { Spending = spending });

    private Task<bool> ChangeAsync(string id, Func<Account, Account> change)
    {
        if (!Accounts.TryGetValue(id, out var known)) return Task.FromResult(false);
        Accounts[id] = change(known);
        return Task.FromResult(true);
    }
}
