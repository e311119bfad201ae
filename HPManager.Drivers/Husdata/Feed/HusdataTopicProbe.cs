using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Husdata.Feed;

/// <summary>Recognises a gateway by its topics. Which heat pump is behind it they do not tell.</summary>
internal sealed class HusdataTopicProbe : ITopicProbe
{
    public IReadOnlyList<string> Filters { get; } = ["+/HP/+"];

    public Settings Place(Settings broker) =>
        broker.With(MqttConnections.Host, null).With(MqttConnections.Port, null)
            .With(HusdataConnections.Broker, broker[MqttConnections.Host])
            .With(HusdataConnections.BrokerPort, broker[MqttConnections.Port]);

    public TopicSighting? Recognise(string topic, ReadOnlySpan<byte> payload) => HusdataTopics.GatewayOf(topic, payload) is { } gateway
        ? new TopicSighting(
            $"Husdata gateway {gateway}", Certainty.Certain, $"It publishes to {gateway}/HP.", null, null, HusdataConnections.Mqtt,
            new Settings([new(HusdataConnections.Gateway, gateway)]))
        : null;
}
