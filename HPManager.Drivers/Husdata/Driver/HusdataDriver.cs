using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Mqtt;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>Reads heat pumps through Husdata H60 and H66 gateways.</summary>
/// <param name="time">The clock.</param>
/// <param name="brokers">Shared with everybody who reads from the same brokers.</param>
/// <param name="logs">Told what is found out about a gateway.</param>
public sealed class HusdataDriver(TimeProvider time, MqttBrokers brokers, ILoggerFactory logs) : IHeatPumpDriver
{
    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) =>
        ((HusdataModel)model).Table.Sensors(options.Flag(HusdataConnections.AllowUnverifiedWrites));

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) => new(HusdataConnections.NameOf(connection));

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => "";

    /// <inheritdoc/>
    public string? ConflictOf(ConnectionConfig one, ConnectionConfig other)
    {
        if (HusdataConnections.FeedOf(one) is not { } feed || HusdataConnections.FeedOf(other) is not { } otherFeed) return null;
        return HusdataConnections.NameOf(feed) == HusdataConnections.NameOf(otherFeed)
            ? $"is the heat pump behind the gateway {otherFeed.Gateway} at this broker already, and a heat pump is configured once"
            : null;
    }

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) => new EndpointSession(HusdataConnections.HttpOf(connection), time, brokers, logs.CreateLogger<HusdataDriver>());

    private sealed class EndpointSession(HusdataEndpoint? endpoint, TimeProvider time, MqttBrokers brokers, ILogger logger) : IEndpointSession
    {
        private readonly HusdataHttpClient? _client = endpoint is null ? null : new HusdataHttpClient(endpoint, time);
        private readonly Dictionary<FeedAddress, GatewayFeed> _feeds = [];

        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory)
        {
            var links = new GatewayLinks(_client, FeedOf(heatPump.Connection), new HusdataFailures((HusdataModel)model, endpoint));
            return new HusdataDeviceSession(links, heatPump, (HusdataModel)model, memory, time, logger);
        }

        public async ValueTask DisposeAsync()
        {
            _client?.Dispose();
            foreach (var feed in _feeds.Values) await feed.DisposeAsync();
        }

        private GatewayFeed? FeedOf(ConnectionConfig connection)
        {
            if (HusdataConnections.FeedOf(connection) is not { } address) return null;
            if (!_feeds.TryGetValue(address, out var feed)) _feeds.Add(address, feed = new GatewayFeed(address, brokers, time));
            return feed;
        }
    }
}
