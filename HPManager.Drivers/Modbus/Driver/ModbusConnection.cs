using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// What an owner gives to reach a Modbus device, defined once for all profiles, and what it means. Thread-safe.
/// </summary>
public static class ModbusConnection
{
    /// <summary>Kind of a connection that carries Modbus TCP frames.</summary>
    public const string Tcp = "modbus_tcp";

    /// <summary>Kind of a connection that carries serial frames through a TCP socket, as simple serial servers do.</summary>
    public const string RtuOverTcp = "modbus_rtu_over_tcp";

    private const string HostKey = "host";
    private const string PortKey = "port";
    private const string UnitKey = "unit_id";
    private const string ConnectTimeoutKey = "connect_timeout_ms";
    private const string RequestTimeoutKey = "request_timeout_ms";
    private const string SilenceKey = "silence_ms";

    private const int DefaultPort = 502;
    private const int DefaultUnit = 1;
    private const int DefaultConnectTimeout = 5_000;
    private const int DefaultRequestTimeout = 3_000;

    /// <summary>4 ms are 3.5 characters at 9600 baud, the slowest line met at heat pumps.</summary>
    private const int DefaultSilence = 4;

    /// <summary>The two ways to connect, Modbus TCP first.</summary>
    /// <param name="defaultPort">TCP port offered.</param>
    /// <param name="defaultUnit">Unit id offered.</param>
    /// <param name="requestTimeout">Longest wait for an answer that is offered; null for 3 s.</param>
    public static IReadOnlyList<ConnectionKind> Kinds(
        int defaultPort = DefaultPort, int defaultUnit = DefaultUnit, TimeSpan? requestTimeout = null)
    {
        var answerWithin = (int)(requestTimeout?.TotalMilliseconds ?? DefaultRequestTimeout);
        List<ParameterDefinition> shared =
        [
            new()
            {
                Key = HostKey, Label = "Host or IP address", Kind = ParameterKind.Host, IsRequired = true,
                Help = "Address of the controller in your network. A fixed address in the router keeps it from changing.",
            },
            Number(PortKey, "Port", defaultPort, 1, ushort.MaxValue),
            Number(UnitKey, "Unit id", defaultUnit, 0, byte.MaxValue) with { Help = "Also called slave or device id; set at the controller or gateway." },
            Number(ConnectTimeoutKey, "Connect within", DefaultConnectTimeout, 100, 60_000) with { Unit = "ms", IsAdvanced = true },
            Number(RequestTimeoutKey, "Answer within", answerWithin, 100, 60_000) with { Unit = "ms", IsAdvanced = true },
        ];
        var silence = Number(SilenceKey, "Silence between frames", DefaultSilence, 0, 5_000) with
        {
            Unit = "ms", IsAdvanced = true, Help = "Pause on the serial line before each request.",
        };
        return
        [
            new ConnectionKind(Tcp, "Modbus TCP", shared),
            new ConnectionKind(RtuOverTcp, "Modbus RTU over TCP (serial server)", [.. shared, silence]),
        ];
    }

    /// <summary>The endpoint: <c>modbus_tcp://host:port</c>, lower case, IPv6 addresses in brackets.</summary>
    public static EndpointKey EndpointOf(ConnectionConfig connection)
    {
        var host = HostOf(connection).ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return new EndpointKey(string.Create(CultureInfo.InvariantCulture, $"{connection.Kind}://{host}:{PortOf(connection)}"));
    }

    /// <summary>The unit id.</summary>
    public static byte UnitOf(ConnectionConfig connection) => (byte)(connection.Settings.Integer(UnitKey) ?? DefaultUnit);

    private static string HostOf(ConnectionConfig connection) => (connection.Settings[HostKey] ?? "").Trim().Trim('[', ']');

    private static int PortOf(ConnectionConfig connection) => connection.Settings.Integer(PortKey) ?? DefaultPort;

    private static ParameterDefinition Number(string key, string label, int value, int min, int max) => new()
    {
        Key = key,
        Label = label,
        Kind = ParameterKind.Integer,
        Default = value.ToString(CultureInfo.InvariantCulture),
        Min = min,
        Max = max,
    };
}
