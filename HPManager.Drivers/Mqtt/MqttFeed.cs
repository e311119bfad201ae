namespace HPManager.Drivers.Mqtt;

/// <summary>
/// Hands every message of a topic filter to one receiver, one after the other, for as long as it lives: for those who keep the newest of what is pushed to
/// them. Thread-safe.
/// </summary>
internal sealed class MqttFeed : IAsyncDisposable
{
    // A receiver that only takes values in is faster than any broker: this is for bursts, retained messages above all.
    private const int Capacity = 4096;

    private readonly CancellationTokenSource _stop = new();
    private readonly Action<MqttMessage> _take;
    private readonly Task _running;

    /// <summary>Subscribes.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="filter">Topics.</param>
    /// <param name="qos">Highest QoS at which messages are to come.</param>
    /// <param name="take">Takes a message in; must not throw and not block.</param>
    public MqttFeed(MqttClient client, TopicFilter filter, MqttQos qos, Action<MqttMessage> take)
    {
        _take = take;
        Subscription = client.Subscribe(filter, qos, Capacity);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>The subscription: whether it is granted, and what was lost.</summary>
    public MqttSubscription Subscription { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Subscription.DisposeAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var message in Subscription.ReadAllAsync(_stop.Token)) _take(message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Let go.
        }
    }
}
