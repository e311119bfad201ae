using System.Text;
using HPManager.Drivers.Mqtt;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Mqtt;

/// <summary>Clients that come back quickly, and what tests say to them.</summary>
internal static class TestClients
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static readonly MqttClientOptions Quick = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(20),
        LongestPause = TimeSpan.FromMilliseconds(200),
    };

    public static MqttClient Start(int port, MqttClientOptions? options = null, TimeProvider? time = null) =>
        Start(new MqttEndpoint("127.0.0.1", port), options, time);

    public static MqttClient Start(MqttEndpoint endpoint, MqttClientOptions? options = null, TimeProvider? time = null) =>
        MqttClient.Start(endpoint, options ?? Quick, time ?? TimeProvider.System, NullLogger.Instance);

    public static async Task<MqttClient> ConnectAsync(this MosquittoProcess broker, MqttClientOptions? options = null)
    {
        var client = Start(broker.Port, options);
        Assert.Null(await client.ConnectedAsync(Soon()));
        return client;
    }

    /// <summary>A token that ends a wait that takes too long.</summary>
    public static CancellationToken Soon() => new CancellationTokenSource(Limit).Token;

    public static async Task<MqttSubscription> SubscribedAsync(this MqttClient client, string filter, MqttQos qos = MqttQos.AtLeastOnce, int capacity = 1000)
    {
        var subscription = client.Subscribe(new TopicFilter(filter), qos, capacity);
        Assert.Null(await subscription.GrantedAsync(1, Soon()));
        return subscription;
    }

    public static async Task SendAsync(this MqttClient client, string topic, string text, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false) =>
        Assert.Null(await client.PublishAsync(topic, Encoding.UTF8.GetBytes(text), qos, retain, Soon()));

    public static async Task<string> NextAsync(this MqttSubscription subscription) => Text(await subscription.ReadAsync(Soon()));

    public static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
