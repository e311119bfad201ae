using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using Microsoft.AspNetCore.SignalR;

namespace HPManager.Web.Hubs;

/// <summary>
/// What one client of the hub has asked for. Each client has a subscription of its own, so that one that takes its messages slowly delays nobody
/// and is then sent the newest state only. Thread-safe.
/// </summary>
internal sealed class LiveFeed(LiveValues live, ISingleClientProxy client) : IDisposable
{
    private readonly Dictionary<HeatPumpId, IDisposable> _subscriptions = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private bool _ended;

    /// <summary>Subscribes, and sends what is known now. Asking twice sends it again and subscribes once.</summary>
    public async Task SubscribeAsync(HeatPumpId? only, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = only ?? default;
            if (!_ended && !_subscriptions.ContainsKey(key))
                _subscriptions[key] = live.Subscribe(only, TimeSpan.Zero, (changed, stop) => SendAsync(changed.Select(change => change.Id), stop));
        }

        await SendAsync(only is { } id ? [id] : live.All.Select(state => state.HeatPump.Id), cancellationToken);
    }

    public void Unsubscribe(HeatPumpId? only)
    {
        lock (_gate)
        {
            if (_subscriptions.Remove(only ?? default, out var subscription)) subscription.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var subscription in _subscriptions.Values) subscription.Dispose();
            _subscriptions.Clear();
        }
    }

    // The state is taken when it is this client's turn, so that an older one is never sent after a newer one.
    private async Task SendAsync(IEnumerable<HeatPumpId> heatPumps, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            foreach (var id in heatPumps)
            {
                if (live.Get(id) is { } state) await client.SendAsync(LiveHub.Snapshot, LiveMessage.Of(state), cancellationToken);
                else await client.SendAsync(LiveHub.Removed, id, cancellationToken);
            }
        }
        finally
        {
            _sending.Release();
        }
    }
}
