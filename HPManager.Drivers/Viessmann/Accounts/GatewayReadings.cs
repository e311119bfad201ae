using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Accounts;

/// <summary>What one gateway told last.</summary>
/// <param name="Result">The answer's fate.</param>
/// <param name="Devices">Features by device and name; empty when there is a fault.</param>
internal sealed record GatewayReading(CloudResult Result, IReadOnlyDictionary<string, Dictionary<string, Feature>> Devices);

/// <summary>
/// The newest answer of each gateway, which its heat pumps share, and when each was asked last, whatever came of it: a cloud that is down must not cost the day's
/// budget. Thread-safe.
/// </summary>
internal sealed class GatewayReadings(TimeProvider time)
{
    // One that has not been asked for longer is not read any more, and leaves its share to the others.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Asked, GatewayReading? Reading)> _all = [];

    /// <summary>Gateways that are read at the moment; at least one.</summary>
    public int Count
    {
        get
        {
            var limit = time.GetUtcNow() - Forgotten;
            lock (_gate) return Math.Max(1, _all.Values.Count(entry => entry.Asked >= limit));
        }
    }

    /// <summary>When a gateway was asked last and what it told; null before.</summary>
    public (DateTimeOffset Asked, GatewayReading? Reading)? Of(string gateway)
    {
        lock (_gate) return _all.TryGetValue(gateway, out var entry) ? entry : null;
    }

    /// <summary>Notes that a gateway is asked now.</summary>
    public void Asking(string gateway)
    {
        lock (_gate) _all[gateway] = (time.GetUtcNow(), _all.TryGetValue(gateway, out var entry) ? entry.Reading : null);
    }

    /// <summary>Keeps what a gateway told.</summary>
    public void Told(string gateway, GatewayReading reading)
    {
        lock (_gate) _all[gateway] = (_all.TryGetValue(gateway, out var entry) ? entry.Asked : time.GetUtcNow(), reading);
    }

    /// <summary>Puts a feature that was read alone into what the gateway told, so that nobody is shown the older one.</summary>
    public void Renew(string gateway, string device, Feature feature)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue(gateway, out var entry) || entry.Reading is not { } reading || !reading.Devices.TryGetValue(device, out var features)) return;
            var devices = new Dictionary<string, Dictionary<string, Feature>>(reading.Devices, StringComparer.Ordinal)
            {
                [device] = new Dictionary<string, Feature>(features, StringComparer.Ordinal) { [feature.Name] = feature },
            };
            _all[gateway] = (entry.Asked, reading with { Devices = devices });
        }
    }
}
