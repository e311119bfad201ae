using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt.Packets;
using HPManager.Drivers.Mqtt.Wire;

namespace HPManager.Drivers.Mqtt.Session;

/// <summary>
/// What is subscribed, and what was asked of the broker and not answered yet. Subscriptions with the same filter are one for the broker. Used under the
/// client's lock; <see cref="All"/> may be read from anywhere.
/// </summary>
internal sealed class SubscriptionTable(PacketIds ids, Func<string, Failure> refusalOf)
{
    // More unanswered requests than a connection can bring about by honest use.
    private const int MostAsked = 10_000;

    private readonly Dictionary<ushort, (string Filter, bool IsSubscribe)> _asked = [];
    private volatile MqttSubscription[] _all = [];
    private TaskCompletionSource? _restored;

    /// <summary>Never changed, but replaced.</summary>
    public MqttSubscription[] All => _all;

    /// <summary>Adds a subscription and asks for it if there is a connection. An equal filter is asked for again, because that brings its retained messages.</summary>
    public void Add(MqttSubscription subscription, MqttConnection? connection)
    {
        _all = [.. _all, subscription];
        if (connection is not null) Ask(subscription.Filter.Text, connection);
    }

    public void Remove(MqttSubscription subscription, MqttConnection? connection)
    {
        if (!_all.Contains(subscription)) return;
        _all = [.. _all.Where(other => other != subscription)];
        if (connection is null || _all.Any(other => other.Filter == subscription.Filter)) return;
        var id = ids.Take();
        _asked.Add(id, (subscription.Filter.Text, false));
        Send(connection, PacketWriter.Unsubscribe(id, subscription.Filter.Text));
    }

    /// <summary>Asks for everything over a new connection.</summary>
    /// <returns>Completes when everything is answered.</returns>
    public Task RestoreAsync(MqttConnection connection)
    {
        Forget();
        foreach (var filter in _all.Select(subscription => subscription.Filter.Text).Distinct()) Ask(filter, connection);
        if (_asked.Count == 0) return Task.CompletedTask;
        _restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _restored.Task;
    }

    /// <summary>The connection has ended: what was asked is not answered any more.</summary>
    public void Forget()
    {
        foreach (var id in _asked.Keys) ids.Return(id);
        _asked.Clear();
        _restored = null;
    }

    public MqttResult TakeSubAck(ushort id, MqttQos? granted)
    {
        if (!_asked.TryGetValue(id, out var asked) || !asked.IsSubscribe)
            return new MqttResult(MqttFault.WrongPacket, $"a SUBACK for {id}, which was not asked");
        Settle(id);
        var refusal = granted is null ? refusalOf(asked.Filter) : null;
        foreach (var subscription in _all)
        {
            if (subscription.Filter.Text == asked.Filter) subscription.SetAnswer(refusal);
        }

        return default;
    }

    public MqttResult TakeUnsubAck(ushort id)
    {
        if (!_asked.TryGetValue(id, out var asked) || asked.IsSubscribe)
            return new MqttResult(MqttFault.WrongPacket, $"an UNSUBACK for {id}, which was not asked");
        Settle(id);
        return default;
    }

    private void Ask(string filter, MqttConnection connection)
    {
        var qos = _all.Where(subscription => subscription.Filter.Text == filter).Max(subscription => subscription.Qos);
        var id = ids.Take();
        _asked.Add(id, (filter, true));
        Send(connection, PacketWriter.Subscribe(id, filter, qos));
    }

    private void Send(MqttConnection connection, byte[] packet)
    {
        if (_asked.Count > MostAsked || !connection.TrySend(packet))
            connection.End(new MqttResult(MqttFault.NotTakenIn, "subscriptions pile up"));
    }

    private void Settle(ushort id)
    {
        _asked.Remove(id);
        ids.Return(id);
        if (_asked.Count == 0) _restored?.TrySetResult();
    }
}
