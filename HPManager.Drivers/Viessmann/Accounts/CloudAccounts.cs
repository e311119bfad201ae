using System.Collections.Concurrent;
using HPManager.Core.Accounts;
using HPManager.Core.Storage;
using HPManager.Drivers.Viessmann.Client;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Viessmann.Accounts;

/// <summary>The accounts in use, each once, so that its tokens and its budget are counted in one place. Thread-safe.</summary>
internal sealed class CloudAccounts(ViessmannOptions options, IAccountStore store, ISecretProtector protector, TimeProvider time, ILoggerFactory logs) : IDisposable
{
    /// <summary>Key of the cloud among the sign-ins.</summary>
    public const string Service = "viessmann";

    private readonly ConcurrentDictionary<string, CloudAccount> _accounts = new();

    /// <summary>The way to the cloud.</summary>
    public CloudHttp Http { get; } = new(options, time);

    /// <summary>Where the cloud is.</summary>
    public ViessmannOptions Options => options;

    /// <summary>Where accounts are kept.</summary>
    public IAccountStore Store => store;

    /// <summary>Protects what is kept.</summary>
    public ISecretProtector Protector => protector;

    /// <summary>An account by its id, whether it is kept or not.</summary>
    public CloudAccount Of(string id) =>
        _accounts.GetOrAdd(id, key => new CloudAccount(key, Http, store, protector, time, logs.CreateLogger<CloudAccount>()));

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();
}
