using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt.Session;

namespace HPManager.Drivers.Mqtt;

/// <summary>
/// The messages of one topic filter, in the order in which they came, in a queue that is bounded by number and bytes.
/// <para>
/// When it is full, a message at QoS 0 pushes the oldest one out, or is left out itself when that one is of QoS 1; <see cref="Dropped"/> counts
/// both. A message at QoS 1 waits without being acknowledged, so that the broker holds its own back. Not every broker does (Mosquitto 2.0.11 sends
/// more with each acknowledgement): when the waiting ones have reached the limit of bytes too, the connection is closed if the broker keeps the session,
/// because it sends them again; otherwise the newest is left out and counted.
/// </para>
/// <para>One reader at a time; everything else is thread-safe. Dispose it to unsubscribe; reading then ends.</para>
/// </summary>
public sealed class MqttSubscription : IAsyncDisposable
{
    private readonly MqttClient _client;
    private readonly IncomingDeliveries _deliveries;
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _accepted = new();
    private readonly Queue<Entry> _held = new();
    private readonly Channel<bool> _filled = Channel.CreateBounded<bool>(1);
    private readonly int _maxBytes;
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _acceptedBytes;
    private long _heldBytes;
    private long _received;
    private long _dropped;
    private bool _isDisposed;

    internal MqttSubscription(MqttClient client, IncomingDeliveries deliveries, TopicFilter filter, MqttQos qos, int capacity, int maxBytes)
    {
        _client = client;
        _deliveries = deliveries;
        Filter = filter;
        Qos = qos;
        Capacity = capacity;
        _maxBytes = maxBytes;
    }

    /// <summary>What is subscribed.</summary>
    public TopicFilter Filter { get; }

    /// <summary>What was asked for.</summary>
    public MqttQos Qos { get; }

    /// <summary>Most messages that wait to be read.</summary>
    public int Capacity { get; }

    /// <summary>Messages that matched, dropped ones included.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages lost because nobody read them in time.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// How many times the broker has granted it; 0 before the first time. Each step but the first is a gap in which messages may have been missed,
    /// unless the session is kept.
    /// </summary>
    public int Generation { get; private set; }

    /// <summary>Why the broker refuses it; null when it does not, or has not answered yet. It is asked again with each reconnect.</summary>
    public Failure? Refusal { get; private set; }

    /// <summary>Messages that wait to be read.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _accepted.Count + _held.Count;
        }
    }

    /// <summary>Takes the oldest message if there is one.</summary>
    public bool TryRead(out MqttMessage message)
    {
        lock (_lock)
        {
            if (!_accepted.TryDequeue(out var entry))
            {
                message = default;
                return false;
            }

            message = entry.Message;
            _acceptedBytes -= entry.Size;
            if (_held.Count == 0) return true;
        }

        Advance();
        return true;
    }

    /// <summary>Waits until there is a message.</summary>
    /// <returns>False when the subscription has ended and everything was read.</returns>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_accepted.Count > 0) return true;
                if (_isDisposed) return false;
            }

            if (await _filled.Reader.WaitToReadAsync(cancellationToken)) _filled.Reader.TryRead(out _);
        }
    }

    /// <summary>Waits for the next message.</summary>
    /// <exception cref="ChannelClosedException">The subscription has ended and everything was read.</exception>
    public async ValueTask<MqttMessage> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryRead(out var message)) return message;
            if (!await WaitToReadAsync(cancellationToken)) throw new ChannelClosedException();
        }
    }

    /// <summary>Every message until the subscription ends.</summary>
    public async IAsyncEnumerable<MqttMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await WaitToReadAsync(cancellationToken))
        {
            while (TryRead(out var message)) yield return message;
        }
    }

    /// <summary>Waits until the broker has granted the subscription a number of times, or refuses it.</summary>
    /// <param name="generation">1 for the first time; <see cref="Generation"/> + 1 to be told of the next gap.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it is granted; the refusal otherwise.</returns>
    public async ValueTask<Failure?> GrantedAsync(int generation, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (Refusal is { } refusal) return refusal;
                if (Generation >= generation) return null;
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                next = _answered.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Unsubscribes. What waits unread is gone.</summary>
    public ValueTask DisposeAsync()
    {
        _client.Remove(this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes nothing more, and lets go of what waits.</summary>
    internal void End()
    {
        Entry[] held;
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            held = [.. _held];
            _held.Clear();
            _accepted.Clear();
            _answered.TrySetResult();
        }

        _filled.Writer.TryComplete();
        foreach (var entry in held) _deliveries.Accept(entry.Delivery!);
    }

    /// <summary>The broker's answer.</summary>
    internal void SetAnswer(Failure? refusal)
    {
        lock (_lock)
        {
            Refusal = refusal;
            if (refusal is null) Generation++;
            _answered.TrySetResult();
            if (!_isDisposed) _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Hands a message over.</summary>
    /// <param name="message">Matches the filter.</param>
    /// <param name="delivery">To be accepted once, at QoS 1; null otherwise.</param>
    /// <param name="canComeAgain">Whether the broker sends a message again that is not acknowledged.</param>
    /// <returns>False when a message that can come again finds no room even to wait: it must not be acknowledged.</returns>
    internal bool Offer(in MqttMessage message, IncomingDelivery? delivery, bool canComeAgain)
    {
        var entry = new Entry(message, delivery);
        var isAccepted = true;
        var wasEmpty = false;
        lock (_lock)
        {
            _received++;
            if (!_isDisposed)
            {
                var hasRoom = _held.Count == 0 && HasRoom(entry.Size);
                if (delivery is null && !hasRoom) hasRoom = MakeRoom(entry.Size);
                if (hasRoom)
                {
                    wasEmpty = _accepted.Count == 0;
                    _accepted.Enqueue(entry);
                    _acceptedBytes += entry.Size;
                }
                else if (delivery is not null && (_held.Count == 0 || _heldBytes + entry.Size <= _maxBytes))
                {
                    _held.Enqueue(entry);
                    _heldBytes += entry.Size;
                    isAccepted = false;
                }
                else if (delivery is not null && canComeAgain)
                {
                    _received--;
                    return false;
                }
                else
                {
                    _dropped++;
                }
            }
        }

        if (wasEmpty) _filled.Writer.TryWrite(item: true);
        if (isAccepted && delivery is not null) _deliveries.Accept(delivery);
        return true;
    }

    private bool HasRoom(int size) => _accepted.Count == 0 || (_accepted.Count < Capacity && _acceptedBytes + size <= _maxBytes);

    private bool MakeRoom(int size)
    {
        while (_held.Count == 0 && !HasRoom(size) && _accepted.Peek().Delivery is null)
        {
            _acceptedBytes -= _accepted.Dequeue().Size;
            _dropped++;
        }

        return _held.Count == 0 && HasRoom(size);
    }

    private void Advance()
    {
        while (true)
        {
            Entry entry;
            lock (_lock)
            {
                if (!_held.TryPeek(out entry) || !HasRoom(entry.Size)) return;
                _held.Dequeue();
                _heldBytes -= entry.Size;
                _accepted.Enqueue(entry);
                _acceptedBytes += entry.Size;
            }

            _filled.Writer.TryWrite(item: true);
            _deliveries.Accept(entry.Delivery!);
        }
    }

    private readonly record struct Entry(MqttMessage Message, IncomingDelivery? Delivery)
    {
        // What an entry costs beside its payload, roughly.
        private const int Overhead = 100;

        public int Size => Message.Payload.Length + Overhead;
    }
}
