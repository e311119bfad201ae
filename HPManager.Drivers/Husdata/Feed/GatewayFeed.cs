using System.Text;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Tables;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Husdata.Feed;

/// <summary>Where a gateway publishes.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Gateway">First level of the gateway's topics.</param>
/// <param name="Form">In what form it publishes.</param>
internal sealed record FeedAddress(MqttEndpoint Broker, string Gateway, FeedForm Form);

/// <summary>
/// The newest values that a gateway has published, each with the moment it came. Messages wait in the subscription's bounded queue until they are asked for.
/// One user at a time.
/// </summary>
internal sealed class GatewayFeed(FeedAddress address, MqttBrokers brokers, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Unchanged values are silent, and so are asked for again this often.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(5);

    /// <summary>A value that was not renewed for so long although it was asked for twice.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(12);

    /// <summary>A gateway that has lost its broker tries once an hour; after this it is gone.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(70);

    private const int MaxWaiting = 4096;
    private const int MaxValues = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(700);

    private readonly FeedScaling _scaling = new(address.Form);
    private readonly Dictionary<HusdataIndex, RawValue> _newest = [];
    private MqttLease? _lease;
    private MqttSubscription? _subscription;
    private int _generation;
    private DateTimeOffset? _asked;
    private DateTimeOffset? _began;
    private DateTimeOffset? _lastMessage;

    /// <summary>In what form the gateway publishes.</summary>
    public FeedForm Form => _scaling.Form;

    /// <summary>When the gateway said something last; null when it has not.</summary>
    public DateTimeOffset? LastMessage => _lastMessage;

    /// <summary>The newest value of each index.</summary>
    public IReadOnlyDictionary<HusdataIndex, RawValue> Newest => _newest;

    /// <summary>Takes in what has come, and asks for everything when that is due.</summary>
    /// <returns>null when there are values, however old; otherwise why there are none.</returns>
    public async ValueTask<Failure?> RefreshAsync(CancellationToken cancellationToken)
    {
        _began ??= time.GetUtcNow();
        if (TopicFilter.ProblemOf(HusdataTopics.Values(address.Gateway)) is { } problem || address.Gateway.AsSpan().ContainsAny("+#/"))
            return new Failure(FailureCause.Misconfigured, $"\"{address.Gateway}\" is no gateway's number.", "It is the first part of the gateway's topics, such as 841d00aabbcc.");
        _lease ??= brokers.Lease(address.Broker);
        _subscription ??= _lease.Client.Subscribe(new TopicFilter(HusdataTopics.Values(address.Gateway)), MqttQos.AtMostOnce, MaxWaiting);
        if (await ReadyAsync(_lease.Client, _subscription, cancellationToken) is { } failure) return failure;
        await AskIfDueAsync(_lease.Client, _subscription, cancellationToken);
        Drain(_subscription);
        if (_newest.Count == 0)
        {
            return new Failure(
                FailureCause.NoData, $"The broker answers, but nothing has come from the gateway {address.Gateway}.",
                "Check the gateway's number, upper and lower case included, and that MQTT_SRVR and MQTT_PORT on its own web page name this broker. After an outage of the broker it may take an hour until the gateway tries again; restarting the gateway shortens that.");
        }

        return time.GetUtcNow() - (_lastMessage ?? _began) > LostAfter
            ? new Failure(
                FailureCause.DeviceOffline, $"The broker answers, but the gateway has been silent since {_lastMessage ?? _began:yyyy-MM-dd HH:mm} UTC.",
                "A gateway that has lost its broker comes back within about an hour by itself. It has not: restart it.")
            : null;
    }

    /// <summary>Sends a value to the gateway, once.</summary>
    public async ValueTask<Failure?> SetAsync(HusdataIndex index, string value, CancellationToken cancellationToken)
    {
        if (_lease is not { } lease) return new Failure(FailureCause.NoData, "There is no connection to the broker yet. Nothing was sent.");
        var failure = await lease.Client.PublishAsync(HusdataTopics.Set(address.Gateway, index), Encoding.ASCII.GetBytes(value), MqttQos.AtMostOnce, retain: false, cancellationToken);

        // What changes is published by itself; asking again finds a value that did not.
        _asked = null;
        return failure;
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is { } subscription) await subscription.DisposeAsync();
        if (_lease is { } lease) await lease.DisposeAsync();
    }

    private async ValueTask<Failure?> ReadyAsync(MqttClient client, MqttSubscription subscription, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await client.ConnectedAsync(either.Token) ?? await subscription.GrantedAsync(1, either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Failure(FailureCause.NoAnswer, $"The broker {address.Broker.Host} does not answer in time.", "Look at the broker's log.");
        }
    }

    private async ValueTask AskIfDueAsync(MqttClient client, MqttSubscription subscription, CancellationToken cancellationToken)
    {
        Drain(subscription);
        var now = time.GetUtcNow();
        var isAnew = subscription.Generation != _generation;
        if (!isAnew && now - _asked < AskEvery) return;
        (_generation, _asked) = (subscription.Generation, now);
        if (await client.PublishAsync(HusdataTopics.Command(address.Gateway), "GETALL"u8.ToArray(), MqttQos.AtMostOnce, retain: false, cancellationToken) is not null) return;

        // Somebody who polls often finds the answers at the next poll; who begins, or polls seldom, waits for them.
        if (_lastMessage is null || now - _lastMessage > AskEvery) await CollectAsync(subscription, cancellationToken);
    }

    private async ValueTask CollectAsync(MqttSubscription subscription, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var before = _lastMessage;
        while (true)
        {
            using var quiet = new CancellationTokenSource(_lastMessage == before ? Patience : Quiet, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, quiet.Token, cancellationToken);
            try
            {
                if (!await subscription.WaitToReadAsync(either.Token)) return;
            }
            catch (OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }

            Drain(subscription);
        }
    }

    private void Drain(MqttSubscription subscription)
    {
        while (subscription.TryRead(out var message)) Take(message);
    }

    private void Take(in MqttMessage message)
    {
        if (message.Payload.IsEmpty || !HusdataTopics.TryParse(message.Topic, out _, out var index)) return;
        if (message.Retain)
        {
            // Of what the broker has kept nobody knows how old it is; it never takes the place of what came.
            if (_newest.ContainsKey(index)) return;
        }
        else
        {
            _lastMessage = message.ReceivedAt;
        }

        if (_newest.Count >= MaxValues && !_newest.ContainsKey(index)) return;
        var isNumber = HusdataTopics.TryNumber(message.Payload.Span, out var number, out var hasPoint);
        if (isNumber && !message.Retain) _scaling.Note(index, number, hasPoint);
        var state = !isNumber ? RawState.NoNumber : Math.Abs(number) > 1L << 48 ? RawState.TooLarge : message.Retain ? RawState.Kept : RawState.Number;
        _newest[index] = new RawValue(state, number, IsEngineering: false, message.ReceivedAt);
    }
}
