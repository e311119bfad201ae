using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Client;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>Reads and writes Vaillant heat pumps through ebusd.</summary>
/// <param name="time">The clock.</param>
/// <param name="logs">Told what is found out about a plant, and what is written.</param>
public sealed class EbusdDriver(TimeProvider time, ILoggerFactory logs) : IHeatPumpDriver
{
    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => ((EbusdModel)model).Catalogue.Everything;

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) => new(EbusdConnections.NameOf(EbusdConnections.EndpointOf(connection)));

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => "";

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) => new EndpointSession(EbusdConnections.EndpointOf(connection), time, logs.CreateLogger<EbusdDriver>());

    private sealed class EndpointSession(EbusdEndpoint endpoint, TimeProvider time, ILogger logger) : IEndpointSession
    {
        private readonly EbusdClient _client = new(endpoint, time);
        private readonly BusBudget _budget = new(time);
        private readonly List<EbusdDeviceSession> _devices = [];

        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory)
        {
            var device = new EbusdDeviceSession(endpoint, _client, _budget, heatPump, (EbusdModel)model, memory, time, logger);
            _devices.Add(device);
            return device;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var device in _devices) await device.DisposeAsync();
            _client.Dispose();
        }
    }
}
