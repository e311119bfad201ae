using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using Microsoft.AspNetCore.SignalR;

namespace HPManager.Web.Hubs;

/// <summary>
/// Pushes snapshots as they are taken. Clients call <c>Subscribe(heatPumpId or null for all)</c> and <c>Unsubscribe</c> likewise; the server sends
/// <c>Snapshot</c>, in the form of GET /api/heatpumps/{id}/readings, at once and with every change, and <c>Removed</c> with the id of a heat pump
/// that is configured no more.
/// </summary>
internal sealed class LiveHub(LiveValues live, IHubContext<LiveHub> clients) : Hub
{
    public const string Snapshot = nameof(Snapshot);
    public const string Removed = nameof(Removed);
    private const string Key = nameof(LiveFeed);

    private LiveFeed Feed => (LiveFeed)Context.Items[Key]!;

    public override Task OnConnectedAsync()
    {
        Context.Items[Key] = new LiveFeed(live, clients.Clients.Client(Context.ConnectionId));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Feed.Dispose();
        return Task.CompletedTask;
    }

    public Task Subscribe(string? heatPumpId) => Feed.SubscribeAsync(Configured(heatPumpId), Context.ConnectionAborted);

    public void Unsubscribe(string? heatPumpId)
    {
        if (heatPumpId is null) Feed.Unsubscribe(null);
        else if (HeatPumpId.TryParse(heatPumpId, out var id)) Feed.Unsubscribe(id);
    }

    private HeatPumpId? Configured(string? heatPumpId)
    {
        if (heatPumpId is null) return null;
        if (!HeatPumpId.TryParse(heatPumpId, out var id) || live.Get(id) is null) throw new HubException("There is no such heat pump.");
        return id;
    }
}
