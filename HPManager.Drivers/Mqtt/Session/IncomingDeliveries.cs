namespace HPManager.Drivers.Mqtt.Session;

/// <summary>A message at QoS 1 on its way to the subscriptions that it matches; acknowledged when all of them have it. Thread-safe through its owner.</summary>
internal sealed class IncomingDelivery(ushort id, int session, int fingerprint)
{
    public ushort Id { get; } = id;

    /// <summary>In which session of the broker the id means this message.</summary>
    public int Session { get; } = session;

    /// <summary>Of topic and payload.</summary>
    public int Fingerprint { get; } = fingerprint;

    /// <summary>Subscriptions that have not accepted it, and one for its finder.</summary>
    public int Open { get; set; } = 1;

    /// <summary>Which acknowledgement of the client it was; 0 before.</summary>
    public long Acknowledged { get; set; }
}

/// <summary>
/// Acknowledges messages at QoS 1, and remembers the packet ids of those that the broker may send again: not acknowledged, or with an
/// acknowledgement that the broker has not provably dealt with. It has when it answers a sign of life that was asked for later, because a
/// connection keeps the order. Thread-safe.
/// </summary>
/// <param name="send">Sends an acknowledgement if there is a connection; must not call back.</param>
internal sealed class IncomingDeliveries(Action<ushort> send)
{
    // A sign of life is worth asking for when this much is remembered.
    private const int Many = 2000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, IncomingDelivery> _known = [];
    private int _session;
    private long _acknowledgements;
    private long _barrier;

    /// <summary>Messages that came again and were left out.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whether asking for a sign of life would free memory.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock) return _known.Count >= Many && _acknowledgements - _barrier >= Many / 2;
        }
    }

    /// <summary>A connection has come about.</summary>
    /// <param name="isKept">The broker goes on with the session, so that packet ids keep their meaning.</param>
    public void BeginConnection(bool isKept)
    {
        lock (_lock)
        {
            if (isKept) return;
            _session++;
            _known.Clear();
        }
    }

    /// <summary>Takes note of a message.</summary>
    /// <returns>Null when it was handed over before.</returns>
    public IncomingDelivery? Begin(ushort id, bool isRepeated, int fingerprint)
    {
        lock (_lock)
        {
            if (isRepeated && _known.TryGetValue(id, out var known) && known.Fingerprint == fingerprint)
            {
                Duplicates++;
                if (known.Acknowledged != 0) Acknowledge(known);
                return null;
            }

            var delivery = new IncomingDelivery(id, _session, fingerprint);
            _known[id] = delivery;
            return delivery;
        }
    }

    /// <summary>One more subscription is to accept it.</summary>
    public void Expect(IncomingDelivery delivery)
    {
        lock (_lock) delivery.Open++;
    }

    /// <summary>A subscription has accepted it, or its finder is through with it; the last one acknowledges.</summary>
    public void Accept(IncomingDelivery delivery)
    {
        lock (_lock)
        {
            if (--delivery.Open > 0 || !IsCurrent(delivery)) return;
            Acknowledge(delivery);
        }
    }

    /// <summary>Forgets a message that could not be kept: the broker is to send it again.</summary>
    public void Abandon(IncomingDelivery delivery)
    {
        lock (_lock)
        {
            if (IsCurrent(delivery)) _known.Remove(delivery.Id);
        }
    }

    /// <summary>A sign of life is asked for.</summary>
    public void OnPingSent()
    {
        lock (_lock) _barrier = _acknowledgements;
    }

    /// <summary>The broker has dealt with all that came before the last <see cref="OnPingSent"/>.</summary>
    public void OnPingAnswered()
    {
        lock (_lock)
        {
            foreach (var (id, delivery) in _known)
            {
                if (delivery.Acknowledged != 0 && delivery.Acknowledged <= _barrier) _known.Remove(id);
            }
        }
    }

    private bool IsCurrent(IncomingDelivery delivery) =>
        delivery.Session == _session && _known.TryGetValue(delivery.Id, out var known) && known == delivery;

    private void Acknowledge(IncomingDelivery delivery)
    {
        delivery.Acknowledged = ++_acknowledgements;
        send(delivery.Id);
    }
}
