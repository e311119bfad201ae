using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Speaks Modbus TCP and RTU over TCP to every model that a profile describes.</summary>
public sealed class ModbusDriver(TimeProvider time, ILoggerFactory logs) : IHeatPumpDriver
{
    // Gateways forward one serial frame at a time; 20 ms is 3.5 characters at 1,920 baud, slower than any controller runs.
    private static readonly TimeSpan SerialSilence = TimeSpan.FromMilliseconds(20);

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
        new EndpointSession(new ModbusClient(ToEndpoint(connection), time), time, logs.CreateLogger<ModbusDriver>());

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

    private sealed class EndpointSession(ModbusClient client, TimeProvider time, ILogger logger) : IEndpointSession
    {
        public IDeviceSession Attach(HeatPump heatPump, HeatPumpModel model, IDeviceMemory memory) =>
            new ModbusDeviceSession(client, heatPump, (ModbusModel)model, memory, time, logger);

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }
}
