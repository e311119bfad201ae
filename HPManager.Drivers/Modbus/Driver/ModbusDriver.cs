using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Sockets;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Speaks Modbus over TCP, UDP, serial gateways and serial lines to every model that a profile describes.</summary>
/// <param name="time">The clock.</param>
/// <param name="gate">Shared with everybody who may talk to the same device another way.</param>
/// <param name="logs">Told what is found out about a device.</param>
public sealed class ModbusDriver(TimeProvider time, HostGate gate, ILoggerFactory logs) : IHeatPumpDriver
{
    private const int UsualTimeout = 5000;

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

        // Two names of one line are one line; other settings on it are another endpoint, which then finds it in use.
        if (endpoint.Line is { } line) return new EndpointKey($"{connection.Kind}://{SerialDevices.RealPath(line.Device)}:{line}");
        var host = endpoint.Host.ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return new EndpointKey(string.Create(CultureInfo.InvariantCulture, $"{connection.Kind}://{host}:{endpoint.Port}"));
    }

    /// <inheritdoc/>
    public string? ConflictOf(ConnectionConfig one, ConnectionConfig other)
    {
        if (one.Kind != ModbusConnections.Rtu || other.Kind != ModbusConnections.Rtu) return null;
        var (line, taken) = (ToLine(one.Settings), ToLine(other.Settings));
        if (SerialDevices.RealPath(line.Device) != SerialDevices.RealPath(taken.Device) || line with { Device = taken.Device } == taken) return null;
        return $"reads this serial line with {taken}; every device on one wire needs the same settings";
    }

    /// <inheritdoc/>
    public string PartOf(ConnectionConfig connection) => connection.Settings[ModbusConnections.UnitId] ?? "1";

    /// <inheritdoc/>
    public IEndpointSession Open(ConnectionConfig connection) =>
        new EndpointSession(new ModbusClient(ToEndpoint(connection), time), time, gate, logs.CreateLogger<ModbusDriver>());

    private static ModbusEndpoint ToEndpoint(ConnectionConfig connection)
    {
        var settings = connection.Settings;
        if (connection.Kind == ModbusConnections.Rtu) return ModbusEndpoint.On(ToLine(settings), Milliseconds(settings, ModbusConnections.RequestTimeout));
        var answer = Milliseconds(settings, ModbusConnections.RequestTimeout);
        var (transport, connect, silence) = connection.Kind switch
        {
            ModbusConnections.RtuOverTcp => (ModbusTransport.RtuOverTcp, Milliseconds(settings, ModbusConnections.ConnectTimeout), ToSilence(settings)),

            // There is nothing to connect: the limit is for finding the address of a name.
            ModbusConnections.Udp => (ModbusTransport.Udp, answer, TimeSpan.Zero),
            _ => (ModbusTransport.Tcp, Milliseconds(settings, ModbusConnections.ConnectTimeout), TimeSpan.Zero),
        };
        var host = (settings[ModbusConnections.Host] ?? "").Trim().Trim('[', ']');
        return new ModbusEndpoint(host, settings.Integer(ModbusConnections.Port) ?? 502, transport, connect, answer, silence);
    }

    private static TimeSpan ToSilence(Settings settings) =>
        TimeSpan.FromMilliseconds(settings.Integer(ModbusConnections.Silence) ?? ModbusConnections.UsualGatewaySilence);

    private static SerialLine ToLine(Settings settings) => new(
        (settings[ModbusConnections.Device] ?? "").Trim(),
        settings.Integer(ModbusConnections.BaudRate) ?? SerialDefaults.Usual.BaudRate,
        SnakeCaseEnum.TryParse<SerialParity>(settings[ModbusConnections.Parity], out var parity) ? parity : SerialDefaults.Usual.Parity,
        settings.Integer(ModbusConnections.StopBits) ?? SerialDefaults.Usual.StopBits,
        settings.Flag(ModbusConnections.Echo));

    private static TimeSpan Milliseconds(Settings settings, string key) => TimeSpan.FromMilliseconds(settings.Integer(key) ?? UsualTimeout);

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
