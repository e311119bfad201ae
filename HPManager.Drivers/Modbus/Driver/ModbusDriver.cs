using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Sockets;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Speaks Modbus TCP and RTU over TCP to every model that a profile describes.</summary>
/// <param name="time">The clock.</param>
/// <param name="gate">Shared with everybody who may talk to the same device another way.</param>
/// <param name="logs">Told what is found out about a device.</param>
public sealed class ModbusDriver(TimeProvider time, HostGate gate, ILoggerFactory logs) : IHeatPumpDriver
{
    // Gateways forward one serial frame at a time; 20 ms is 3.5 characters at 1,920 baud, slower than any controller runs.
    private static readonly TimeSpan SerialSilence = TimeSpan.FromMilliseconds(20);

    /// <summary>A driver beside which nothing else talks to its devices.</summary>
    public ModbusDriver(TimeProvider time, ILoggerFactory logs)
        : this(time, new HostGate(time), logs)
    {
    }

    /// <inheritdoc/>
    public SensorSet DescribeSensors(HeatPumpModel model, Settings options) => ((ModbusModel)model).Profile.Sensors(model.Key, options);

    /// <inheritdoc/>
    public EndpointKey EndpointOf(ConnectionConfig connection)
    {
        var endpoint = ToEndpoint(connection);
        var host = endpoint.Host.ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return new EndpointKey(string.Create(CultureInfo.InvariantCulture, $"{connection.Kind}://{host}:{endpoint.Port}"));
    }

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => connection.Settings[ModbusConnections.UnitId] ?? "1";

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) =>
        new EndpointSession(new ModbusClient(ToEndpoint(connection), time), time, gate, logs.CreateLogger<ModbusDriver>());

    private static ModbusEndpoint ToEndpoint(ConnectionConfig connection)
    {
        var settings = connection.Settings;
        var serial = connection.Kind == ModbusConnections.RtuOverTcp;
        return new ModbusEndpoint(
            (settings[ModbusConnections.Host] ?? "").Trim().Trim('[', ']'),
            settings.Integer(ModbusConnections.Port) ?? 502,
            serial ? ModbusTransport.RtuOverTcp : ModbusTransport.Tcp,
            TimeSpan.FromMilliseconds(settings.Integer(ModbusConnections.ConnectTimeout) ?? 5000),
            TimeSpan.FromMilliseconds(settings.Integer(ModbusConnections.RequestTimeout) ?? 5000),
            serial ? SerialSilence : TimeSpan.Zero);
    }

    private sealed class EndpointSession(ModbusClient client, TimeProvider time, HostGate gate, ILogger logger) : IEndpointSession
    {
        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory)
        {
            var profile = ((ModbusModel)model).Profile;
            var device = new ModbusDeviceSession(client, heatPump, (ModbusModel)model, memory, time, logger);
            var host = profile.IsOneClientPerHost ? heatPump.Connection.Settings[ModbusConnections.Host] : null;
            return host is not null || profile.ReleasesBetweenPolls
                ? new ExclusiveDeviceSession(device, host is null ? null : gate, host ?? "", profile.ReleasesBetweenPolls ? client.Close : static () => { })
                : device;
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }
}
