using HPManager.Drivers.Mqtt.Packets;
using HPManager.Drivers.Mqtt.Wire;

namespace HPManager.Drivers.Mqtt.Session;

/// <summary>A message at QoS 1 that is to be sent, or sent and not acknowledged.</summary>
internal sealed class OutgoingPublish(byte[] packet)
{
    public byte[] Packet { get; } = packet;

    /// <summary>0 while it waits.</summary>
    public ushort Id { get; set; }

    /// <summary>Ends when it is acknowledged or given up.</summary>
    public TaskCompletionSource<MqttResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Messages at QoS 1, in order: a window of those in flight, and a bounded queue behind it. What was not acknowledged is sent again over the next
/// connection, marked as repeated, before anything new. Used under the client's lock.
/// </summary>
internal sealed class OutgoingPublishes(MqttClientOptions options, PacketIds ids)
{
    private readonly Dictionary<ushort, LinkedListNode<OutgoingPublish>> _byId = [];
    private readonly LinkedList<OutgoingPublish> _inFlight = [];
    private readonly LinkedList<OutgoingPublish> _waiting = [];
    private MqttConnection? _connection;
    private long _bytes;

    /// <summary>Messages in flight or waiting.</summary>
    public int Count => _inFlight.Count + _waiting.Count;

    /// <summary>Takes a message, and sends it if it may go at once.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(OutgoingPublish publish)
    {
        var isFull = _waiting.Count >= options.MaxWaiting && (_connection is null || _inFlight.Count >= options.MaxInFlight);
        if (isFull || (Count > 0 && _bytes + publish.Packet.Length > options.MaxWaitingBytes)) return false;
        _bytes += publish.Packet.Length;
        _waiting.AddLast(publish);
        Fill();
        return true;
    }

    /// <summary>Nobody waits for it any more: it is not sent, or not sent again.</summary>
    public void GiveUp(OutgoingPublish publish)
    {
        if (publish.Id == 0 ? !_waiting.Remove(publish) : !_inFlight.Remove(publish)) return;
        _bytes -= publish.Packet.Length;

        // The id stays taken until the connection ends: the acknowledgement may still come.
        if (publish.Id != 0 && _connection is null) Release(publish.Id);
    }

    /// <summary>Sends again what is not acknowledged, then what waits.</summary>
    public void Attach(MqttConnection connection)
    {
        _connection = connection;
        foreach (var publish in _inFlight)
        {
            PacketWriter.SetDuplicate(publish.Packet);
            Send(publish);
        }

        Fill();
    }

    public void Detach()
    {
        _connection = null;
        foreach (var (id, node) in _byId)
        {
            if (node.List is null) Release(id);
        }
    }

    public MqttResult TakePubAck(ushort id)
    {
        if (!_byId.TryGetValue(id, out var node)) return new MqttResult(MqttFault.WrongPacket, $"a PUBACK for {id}, which was not sent");
        Release(id);
        if (node.List is not null)
        {
            _inFlight.Remove(node);
            _bytes -= node.Value.Packet.Length;
            node.Value.Done.TrySetResult(default);
        }

        Fill();
        return default;
    }

    /// <summary>The client ends.</summary>
    public void Fail(MqttResult reason)
    {
        foreach (var publish in _inFlight.Concat(_waiting)) publish.Done.TrySetResult(reason);
        _inFlight.Clear();
        _waiting.Clear();
        _byId.Clear();
    }

    private void Fill()
    {
        while (_connection is not null && _byId.Count < options.MaxInFlight && _waiting.First is { } node)
        {
            _waiting.Remove(node);
            var publish = node.Value;
            publish.Id = ids.Take();
            PacketWriter.SetPacketId(publish.Packet, publish.Id);
            _byId.Add(publish.Id, node);
            _inFlight.AddLast(node);
            Send(publish);
        }
    }

    private void Send(OutgoingPublish publish)
    {
        if (_connection?.TrySend(publish.Packet) == false) _connection.End(new MqttResult(MqttFault.NotTakenIn, "messages pile up"));
    }

    private void Release(ushort id)
    {
        _byId.Remove(id);
        ids.Return(id);
    }
}
