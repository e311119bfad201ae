using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Sockets;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>Speaks the network protocol of Luxtronik 2.0 and 2.1 controllers.</summary>
/// <param name="time">The clock.</param>
/// <param name="gate">Shared with everybody who may talk to the same controller another way.</param>
/// <param name="logs">Told what is found out about a controller.</param>
public sealed class LuxtronikDriver(TimeProvider time, HostGate gate, ILoggerFactory logs) : IHeatPumpDriver
{
    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => ((LuxtronikModel)model).Tables.Sensors;

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection) => new(LuxtronikConnections.NameOf(LuxtronikConnections.EndpointOf(connection)));

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => "";

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) =>
        new EndpointSession(LuxtronikConnections.EndpointOf(connection), time, gate, logs.CreateLogger<LuxtronikDriver>());

    private sealed class EndpointSession(LuxtronikEndpoint endpoint, TimeProvider time, HostGate gate, ILogger logger) : IEndpointSession
    {
        private readonly LuxtronikClient _client = new(endpoint, time);

        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory)
        {
            var device = new LuxtronikDeviceSession(endpoint, _client, heatPump, (LuxtronikModel)model, memory, time, logger);

            // The client closes its connection itself after every call.
            return new ExclusiveDeviceSession(device, gate, endpoint.Host, release: static () => { });
        }

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
