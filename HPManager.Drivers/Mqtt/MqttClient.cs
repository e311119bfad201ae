using System.Globalization;
using System.Security.Cryptography;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt.Packets;
using HPManager.Drivers.Mqtt.Session;
using HPManager.Drivers.Mqtt.Wire;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Mqtt;

/// <summary>
/// A client of one MQTT 3.1.1 broker that keeps its connection up: it connects at once, again after every failure with growing pauses, and restores its
/// subscriptions before it calls itself connected. Any doubt about what the broker sends closes the connection.
/// <para>
/// QoS 1 is "at least once". This client hands a message over once as long as the protocol tells that it is a repetition (same session, marked as
/// repeated, same packet id and content, not provably acknowledged). A message published at QoS 1 can reach subscribers twice if the
/// broker fails after it took the message and before its acknowledgement got here; the protocol cannot tell.
/// </para>
/// <para>Thread-safe.</para>
/// </summary>
public sealed class MqttClient : IPacketHandler, IAsyncDisposable
{
    // A connection that ends sooner does not make the pauses short again: it may be one that the broker ends each time.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _clientId;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly IncomingDeliveries _deliveries;
    private readonly SubscriptionTable _subscriptions;
    private readonly OutgoingPublishes _outgoing;
    private readonly TopicRoutes _routes = new();
    private volatile MqttConnection? _connection;
    private volatile MqttState _state = MqttState.Initial;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _unmatched;
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    private MqttClient(MqttEndpoint endpoint, MqttClientOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problem() is { } problem) throw new ArgumentException(problem, nameof(options));
        Endpoint = endpoint;
        _options = options;
        _time = time;
        _logger = logger;
        _clientId = options.ClientId ?? string.Create(CultureInfo.InvariantCulture, $"hpmanager{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        var ids = new PacketIds();
        _deliveries = new IncomingDeliveries(Acknowledge);
        _subscriptions = new SubscriptionTable(ids, filter => MqttFailures.Of(endpoint, new MqttResult(MqttFault.SubscriptionRefused, filter)));
        _outgoing = new OutgoingPublishes(options, ids);
    }

    /// <summary>The broker.</summary>
    public MqttEndpoint Endpoint { get; }

    /// <summary>How it stands now.</summary>
    public MqttState State => _state;

    /// <summary>Messages at QoS 1 that the broker sent again and that were left out.</summary>
    public long Duplicates => _deliveries.Duplicates;

    /// <summary>Messages that no subscription wanted: left over from an earlier life of the session, or from one that has just ended.</summary>
    public long Unmatched => Interlocked.Read(ref _unmatched);

    /// <summary>Makes a client that begins to connect.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public static MqttClient Start(MqttEndpoint endpoint, MqttClientOptions options, TimeProvider time, ILogger logger)
    {
        var client = new MqttClient(endpoint, options, time, logger);
        client._running = Task.Run(client.RunAsync, CancellationToken.None);
        return client;
    }

    /// <summary>Waits until the client is connected, or an attempt has failed.</summary>
    /// <returns>Null when it is connected; otherwise the newest failure, at once if there is one.</returns>
    public async ValueTask<Failure?> ConnectedAsync(CancellationToken cancellationToken)
    {
        for (var state = State; ; state = await ChangedAsync(state, cancellationToken))
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (state.IsConnected) return null;
            if (state.Failure is { } failure) return failure;
        }
    }

    /// <summary>Waits until the state is another one than the one known.</summary>
    public async ValueTask<MqttState> ChangedAsync(MqttState known, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_state != known) return _state;
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Subscribes, now if there is a connection and again after every reconnect.</summary>
    /// <param name="filter">Topics, <c>+</c> and <c>#</c> allowed. Subscriptions with the same filter share what the broker sends; a broker may send a message once for each
    /// of several different filters that match it. When one is added, the others with the same filter get retained messages again.</param>
    /// <param name="qos">Highest QoS at which messages are to come.</param>
    /// <param name="capacity">Most messages that wait to be read, 1 or more.</param>
    /// <param name="maxBytes">Most bytes of messages that wait to be read, and again of those that are held back; 1 or more. A single message is taken whatever its size.</param>
    public MqttSubscription Subscribe(TopicFilter filter, MqttQos qos, int capacity, int maxBytes = 1024 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        var subscription = new MqttSubscription(this, _deliveries, filter, qos, capacity, maxBytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _subscriptions.Add(subscription, _connection);
        }

        return subscription;
    }

    /// <summary>
    /// Publishes. At QoS 0 it is done when the message is handed to the connection, and fails when there is none. At QoS 1 it is done when the
    /// broker has acknowledged it, over as many connections as that takes; cancel it to limit the time.
    /// </summary>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">Copied before this returns.</param>
    /// <param name="qos">How sure it is to arrive.</param>
    /// <param name="retain">Whether the broker keeps it for later subscribers; an empty payload removes what it keeps.</param>
    /// <param name="cancellationToken">Gives the message up: it is not sent, or not sent again. The broker may have it.</param>
    /// <returns>Null on success.</returns>
    /// <exception cref="ArgumentException">The topic is no topic, or the packet would be larger than the limit.</exception>
    public async ValueTask<Failure?> PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, CancellationToken cancellationToken)
    {
        if (MqttTopic.ProblemOf(topic) is { } problem) throw new ArgumentException(problem, nameof(topic));
        if (PacketWriter.PublishSize(topic, payload.Length, qos) > _options.MaxPacketBytes)
            throw new ArgumentException($"The message is larger than a packet may be ({_options.MaxPacketBytes} bytes).", nameof(payload));
        cancellationToken.ThrowIfCancellationRequested();
        var packet = PacketWriter.Publish(topic, payload.Span, qos, retain);
        var result = qos == MqttQos.AtMostOnce ? SendOnce(packet) : await SendUntilAcknowledgedAsync(packet, cancellationToken);
        return result.IsSuccess ? null : MqttFailures.Of(Endpoint, result);
    }

    /// <summary>Says goodbye to the broker, so that it does not publish the will, and ends every subscription. What is not acknowledged fails.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _outgoing.Fail(new MqttResult(MqttFault.Closed, "ended here"));
            _connection?.Leave();
        }

        if (_connection is null) await _stop.CancelAsync();
        await _running;
        foreach (var subscription in _subscriptions.All) subscription.End();
        SetState(state => state with { IsConnected = false, ConnectedSince = null });
        _stop.Dispose();
    }

    MqttResult IPacketHandler.Take(byte first, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        switch (ServerPackets.TypeOf(first))
        {
            case PacketType.Publish:
                return TakePublish(first, body, at);
            case PacketType.PubAck:
                var acknowledged = ServerPackets.ReadId(body, out var id);
                lock (_lock) return acknowledged.IsSuccess ? _outgoing.TakePubAck(id) : acknowledged;
            case PacketType.SubAck:
                var subscribed = ServerPackets.ReadSubAck(body, out id, out var granted);
                lock (_lock) return subscribed.IsSuccess ? _subscriptions.TakeSubAck(id, granted) : subscribed;
            case PacketType.UnsubAck:
                var unsubscribed = ServerPackets.ReadId(body, out id);
                lock (_lock) return unsubscribed.IsSuccess ? _subscriptions.TakeUnsubAck(id) : unsubscribed;
            default:
                return new MqttResult(MqttFault.WrongPacket, "a second CONNACK");
        }
    }

    void IPacketHandler.OnPingSent() => _deliveries.OnPingSent();

    void IPacketHandler.OnPingAnswered() => _deliveries.OnPingAnswered();

    internal void Remove(MqttSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription, _connection);
    }

    private MqttResult TakePublish(byte first, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var result = ServerPackets.ReadPublish(first, body, out var packet);
        if (!result.IsSuccess) return result;
        var route = _routes.Find(packet.Topic, _subscriptions.All);
        if (route is null) return new MqttResult(MqttFault.Malformed, "a PUBLISH whose topic is empty, no proper UTF-8, or has wildcards");
        IncomingDelivery? delivery = null;
        if (packet.Qos == MqttQos.AtLeastOnce)
        {
            delivery = _deliveries.Begin(packet.Id, packet.Duplicate, FingerprintOf(packet));
            if (delivery is null) return default;
        }

        if (route.Subscriptions.Length == 0) Interlocked.Increment(ref _unmatched);
        var payload = route.Subscriptions.Length == 0 ? [] : packet.Payload.ToArray();
        var message = new MqttMessage(route.Topic, payload, packet.Qos, packet.Retain, packet.Duplicate, at);
        foreach (var subscription in route.Subscriptions)
        {
            if (delivery is not null) _deliveries.Expect(delivery);
            if (subscription.Offer(message, delivery, _options.KeepsSession)) continue;
            _deliveries.Abandon(delivery!);
            return new MqttResult(MqttFault.SubscriberTooSlow, $"{subscription.Waiting} messages of {subscription.Filter} wait");
        }

        if (delivery is not null)
        {
            _deliveries.Accept(delivery);
            if (_deliveries.IsFull) _connection?.Ping(this);
        }

        return default;
    }

    private static int FingerprintOf(in PublishPacket packet)
    {
        var hash = default(HashCode);
        hash.Add(packet.Topic.Length);
        hash.AddBytes(packet.Topic);
        hash.AddBytes(packet.Payload);
        return hash.ToHashCode();
    }

    private void Acknowledge(ushort id)
    {
        Span<byte> packet = stackalloc byte[4];
        PacketWriter.PubAck(packet, id);
        if (_connection is { } connection && !connection.TrySend(packet))
            connection.End(new MqttResult(MqttFault.NotTakenIn, "acknowledgements pile up"));
    }

    private MqttResult SendOnce(byte[] packet)
    {
        if (_connection is not { } connection || !_state.IsConnected) return new MqttResult(MqttFault.NotConnected, "not connected");
        return connection.TrySend(packet) ? default : new MqttResult(MqttFault.QueueFull, "too much waits to be sent");
    }

    private async ValueTask<MqttResult> SendUntilAcknowledgedAsync(byte[] packet, CancellationToken cancellationToken)
    {
        var publish = new OutgoingPublish(packet);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_outgoing.TryAdd(publish)) return new MqttResult(MqttFault.QueueFull, "too much waits to be sent");
        }

        try
        {
            return await publish.Done.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock) _outgoing.GiveUp(publish);
            throw;
        }
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            MqttResult result;
            try
            {
                result = await ConnectAndRunAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The edge of a supervised loop: one bad connection must not end the client.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.Unexpected(_logger, Endpoint, e);
                result = new MqttResult(MqttFault.ConnectionLost, e.Message);
            }

            if (Volatile.Read(ref _isDisposed)) return;
            var wasSteady = _state.IsConnected && _time.GetElapsedTime(began) >= Steady;
            failures = wasSteady ? 1 : failures + 1;
            Report(MqttFailures.Of(Endpoint, result));
            try
            {
                await Task.Delay(PauseAfter(failures), _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<MqttResult> ConnectAndRunAsync()
    {
        var (stream, opened) = await Transport.OpenAsync(Endpoint, _options.ConnectTimeout, _time, _stop.Token);
        if (stream is null) return opened;
        await using var connection = new MqttConnection(stream, _options, _time);
        var (greeted, hasSession) = await connection.ShakeHandsAsync(PacketWriter.Connect(Endpoint, _options, _clientId), _stop.Token);
        if (!greeted.IsSuccess) return greeted;
        if (hasSession && !_options.KeepsSession) return new MqttResult(MqttFault.WrongPacket, "a CONNACK with a session that was not asked for");
        Task restored;
        lock (_lock)
        {
            _stop.Token.ThrowIfCancellationRequested();
            _deliveries.BeginConnection(hasSession);
            _connection = connection;
            restored = _subscriptions.RestoreAsync(connection);
            if (_isDisposed) connection.Leave();
        }

        try
        {
            var running = connection.RunAsync(this);
            await BeginAsync(connection, restored, running, hasSession);
            return await running;
        }
        finally
        {
            lock (_lock)
            {
                _connection = null;
                _subscriptions.Forget();
                _outgoing.Detach();
            }
        }
    }

    /// <summary>Becomes connected when every subscription is answered.</summary>
    private async Task BeginAsync(MqttConnection connection, Task restored, Task running, bool hasSession)
    {
        using var limited = new CancellationTokenSource(_options.AnswerTimeout, _time);
        try
        {
            await Task.WhenAny(restored, running).WaitAsync(limited.Token);
        }
        catch (OperationCanceledException)
        {
            connection.End(new MqttResult(MqttFault.NoAnswer, "no answer to SUBSCRIBE in time"));
        }

        if (!restored.IsCompletedSuccessfully || running.IsCompleted) return;
        lock (_lock)
        {
            if (_isDisposed) return;
            _outgoing.Attach(connection);
        }

        SetState(state => new MqttState(IsConnected: true, _time.GetUtcNow(), state.Generation + 1, hasSession, null, state.FailedAt, 0));
        Log.Connected(_logger, Endpoint);
    }

    private void Report(Failure failure)
    {
        // A broker that stays away is worth one line, not one for each attempt.
        if (_state.Failure?.Message != failure.Message) Log.Failed(_logger, Endpoint, failure.Message);
        SetState(state => state with
        {
            IsConnected = false,
            ConnectedSince = null,
            Failure = failure,
            FailedAt = _time.GetUtcNow(),
            FailedAttempts = state.IsConnected ? 0 : state.FailedAttempts + 1,
        });
    }

    private void SetState(Func<MqttState, MqttState> next)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _state = next(_state);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    private TimeSpan PauseAfter(int failures)
    {
        var pause = _options.FirstPause * Math.Pow(2, Math.Min(failures - 1, 16)) * (1 + (Random.Shared.NextDouble() / 2));
        return pause < _options.LongestPause ? pause : _options.LongestPause;
    }
}
