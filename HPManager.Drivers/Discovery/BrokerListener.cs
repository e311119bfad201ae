using System.Collections.Concurrent;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Discovery;

/// <summary>Listens to the topics that known devices publish to, and to no others.</summary>
internal sealed class BrokerListener(IEnumerable<ITopicProbe> probes, MqttBrokers brokers, IHeatPumpStore heatPumps, TimeProvider time) : IBrokerListener
{
    // Whoever floods a broker with made-up devices gets no further than a person can read.
    private const int MostDevices = 50;
    private readonly IReadOnlyList<ITopicProbe> _probes = [.. probes];

    public IReadOnlyList<ParameterDefinition> Parameters { get; } = MqttConnections.Broker("Name or address of the MQTT broker in your network.");

    public async Task<Failure?> ListenAsync(Settings broker, TimeSpan limit, Action<Sighting> found, CancellationToken cancellationToken)
    {
        var configured = await heatPumps.ListAsync(cancellationToken);
        await using var lease = brokers.Lease(MqttConnections.EndpointOf(broker));
        if (await lease.Client.ConnectedAsync(cancellationToken) is { } failure) return failure;
        var heard = new ConcurrentDictionary<TopicSighting, byte>();
        var feeds = new List<MqttFeed>();
        try
        {
            foreach (var probe in _probes)
            {
                foreach (var filter in probe.Filters)
                    feeds.Add(new MqttFeed(lease.Client, new TopicFilter(filter), MqttQos.AtMostOnce, message => Take(probe, message)));
            }

            foreach (var feed in feeds)
            {
                if (await feed.Subscription.GrantedAsync(1, cancellationToken) is { } refusal) return refusal;
            }

            await Task.Delay(limit, time, cancellationToken);
            return null;
        }
        finally
        {
            foreach (var feed in feeds) await feed.DisposeAsync();
        }

        void Take(ITopicProbe probe, MqttMessage message)
        {
            if (heard.Count < MostDevices && probe.Recognise(message.Topic, message.Payload.Span) is { } sighting && heard.TryAdd(sighting, 0))
                found(SightingOf(sighting, probe.Place(broker), MqttConnections.EndpointOf(broker), configured));
        }
    }

    private static Sighting SightingOf(TopicSighting sighting, Settings place, MqttEndpoint endpoint, IReadOnlyList<HeatPump> configured)
    {
        var connection = new ConnectionConfig(sighting.Kind, sighting.Own.Values.Aggregate(place, (all, own) => all.With(own.Key, own.Value)));
        return new Sighting(
            endpoint.Host, endpoint.Port, sighting.Title, sighting.Certainty, sighting.Reason, sighting.Manufacturer, sighting.Model, connection,
            configured.FirstOrDefault(known => IsSame(known.Connection, connection))?.Id);
    }

    // Who is let in does not tell one device from another; what a heat pump leaves to be learnt may be this one.
    private static bool IsSame(ConnectionConfig known, ConnectionConfig heard) => known.Kind == heard.Kind && heard.Settings.Values.All(pair =>
        MqttConnections.IsLogin(pair.Key) || known.Settings[pair.Key] is not { } set || string.Equals(set, pair.Value, StringComparison.OrdinalIgnoreCase));
}
