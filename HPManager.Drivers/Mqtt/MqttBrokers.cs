using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Mqtt;

/// <summary>
/// The brokers in use: everybody who names the same broker, user and trust shares one connection, which ends with the last of them. Thread-safe.
/// </summary>
/// <param name="options">Of every client; without a client id, so that each gets its own name.</param>
/// <param name="time">Clock of the timeouts.</param>
/// <param name="logger">Takes connections made and lost.</param>
public sealed class MqttBrokers(MqttClientOptions options, TimeProvider time, ILogger<MqttClient> logger) : IAsyncDisposable
{
    private readonly Dictionary<MqttEndpoint, Shared> _shared = [];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    /// <summary>Brokers with a connection, made or being made.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _shared.Count;
        }
    }

    /// <summary>Takes a share in the connection to a broker, which begins with the first one.</summary>
    public MqttLease Lease(MqttEndpoint endpoint)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_shared.TryGetValue(endpoint, out var shared))
                _shared.Add(endpoint, shared = new Shared(MqttClient.Start(endpoint, options, time, logger)));
            shared.Leases++;
            return new MqttLease(this, shared.Client);
        }
    }

    /// <summary>Ends every connection, leased or not.</summary>
    public async ValueTask DisposeAsync()
    {
        MqttClient[] clients;
        lock (_lock)
        {
            _isDisposed = true;
            clients = [.. _shared.Values.Select(shared => shared.Client)];
            _shared.Clear();
        }

        foreach (var client in clients) await client.DisposeAsync();
    }

    internal ValueTask ReturnAsync(MqttClient client)
    {
        lock (_lock)
        {
            if (!_shared.TryGetValue(client.Endpoint, out var shared) || shared.Client != client || --shared.Leases > 0) return ValueTask.CompletedTask;
            _shared.Remove(client.Endpoint);
        }

        return client.DisposeAsync();
    }

    private sealed class Shared(MqttClient client)
    {
        public MqttClient Client { get; } = client;

        public int Leases { get; set; }
    }
}

/// <summary>A share in the connection to a broker. Dispose it when done, and before that the subscriptions made through it. Thread-safe.</summary>
public sealed class MqttLease : IAsyncDisposable
{
    private readonly MqttBrokers _brokers;
    private int _isReturned;

    internal MqttLease(MqttBrokers brokers, MqttClient client)
    {
        _brokers = brokers;
        Client = client;
    }

    /// <summary>Shared with others: not to be disposed.</summary>
    public MqttClient Client { get; }

    /// <summary>Gives the share back; the last one ends the connection.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isReturned, 1) != 0 ? ValueTask.CompletedTask : _brokers.ReturnAsync(Client);
}
