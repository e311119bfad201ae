using System.Net;
using System.Net.Sockets;

namespace HPManager.Drivers.Sockets;

/// <summary>
/// Lets one conversation at a time talk to a host, whatever protocol and port it uses: some controllers become unstable when two clients ask at
/// once. A name and the address it stands for are one host. Thread-safe; hosts that nobody talks to leave nothing behind.
/// </summary>
public sealed class HostGate(TimeProvider time)
{
    private static readonly TimeSpan NameLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>Hosts that are being talked to or waited for.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Waits until nobody else talks to the host.</summary>
    /// <param name="host">Name or address; upper and lower case alike.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>To be disposed when done; null when the host did not become free within the limit.</returns>
    public async ValueTask<IDisposable?> EnterAsync(string host, TimeSpan limit, CancellationToken cancellationToken)
    {
        var keys = await KeysOfAsync(host, cancellationToken);
        var pass = new Pass(this);
        try
        {
            using var limited = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);

            // Always in the same order, so that two hosts that share addresses cannot wait for each other.
            foreach (var key in keys) await pass.AddAsync(key, either.Token);
            return Interlocked.Exchange(ref pass, null);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            pass?.Dispose();
        }
    }

    private async ValueTask<IReadOnlyList<string>> KeysOfAsync(string host, CancellationToken cancellationToken)
    {
        var name = host.Trim().Trim('[', ']');
        if (IPAddress.TryParse(name, out var literal)) return [KeyOf(literal)];
        try
        {
            using var limited = new CancellationTokenSource(NameLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
            var addresses = await Dns.GetHostAddressesAsync(name, either.Token);
            if (addresses.Length > 0) return [.. addresses.Select(KeyOf).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException)
        {
            // Whoever connects next finds the same and says so in words.
            cancellationToken.ThrowIfCancellationRequested();
        }

        return [name.ToLowerInvariant()];
    }

    private static string KeyOf(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private Entry Reserve(string key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry)) _entries.Add(key, entry = new Entry(key));
            entry.Users++;
            return entry;
        }
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users > 0) return;
            _entries.Remove(entry.Key);
        }

        entry.Turn.Dispose();
    }

    private sealed class Entry(string key)
    {
        public string Key { get; } = key;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Pass(HostGate gate) : IDisposable
    {
        private readonly List<Entry> _entered = [];
        private int _isLeft;

        public async ValueTask AddAsync(string key, CancellationToken cancellationToken)
        {
            var entry = gate.Reserve(key);
            try
            {
                await entry.Turn.WaitAsync(cancellationToken);
            }
            catch
            {
                gate.Release(entry);
                throw;
            }

            _entered.Add(entry);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) != 0) return;
            foreach (var entry in _entered)
            {
                entry.Turn.Release();
                gate.Release(entry);
            }
        }
    }
}
