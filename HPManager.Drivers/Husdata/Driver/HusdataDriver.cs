using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>Reads heat pumps through Husdata H60 and H66 gateways.</summary>
/// <param name="time">The clock.</param>
/// <param name="logs">Told what is found out about a gateway.</param>
public sealed class HusdataDriver(TimeProvider time, ILoggerFactory logs) : IHeatPumpDriver
{
    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) =>
        ((HusdataModel)model).Table.Sensors(options.Flag(HusdataConnections.AllowUnverifiedWrites));

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) => new(HusdataConnections.NameOf(HusdataConnections.HttpEndpointOf(connection)));

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => "";

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) =>
        new EndpointSession(HusdataConnections.HttpEndpointOf(connection), time, logs.CreateLogger<HusdataDriver>());

    private sealed class EndpointSession(HusdataEndpoint endpoint, TimeProvider time, ILogger logger) : IEndpointSession
    {
        private readonly HusdataHttpClient _client = new(endpoint, time);

        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory) =>
            new HusdataDeviceSession(endpoint, _client, heatPump, (HusdataModel)model, memory, logger);

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
