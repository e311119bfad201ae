using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// The ways to reach a Modbus device and what has to be known for each. They are the same for every make; a profile only says which
/// it offers and what the defaults are.
/// </summary>
public static class ModbusConnections
{
    /// <summary>Kind of a connection in Modbus TCP frames.</summary>
    public const string Tcp = "modbus_tcp";

    /// <summary>Kind of a connection that carries serial frames with their checksum over TCP, as simple gateways do.</summary>
    public const string RtuOverTcp = "modbus_rtu_over_tcp";

    /// <summary>Key of the host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the unit id.</summary>
    public const string UnitId = "unit_id";

    /// <summary>Key of the longest wait for the connection, in milliseconds.</summary>
    public const string ConnectTimeout = "connect_timeout_ms";

    /// <summary>Key of the longest wait for an answer, in milliseconds.</summary>
    public const string RequestTimeout = "request_timeout_ms";

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Tcp, RtuOverTcp];

    internal static ConnectionKind Describe(string kind, ConnectionDefaults defaults) => kind switch
    {
        Tcp => new ConnectionKind(Tcp, "Modbus TCP", Parameters(defaults, lastUnitId: 255)),
        RtuOverTcp => new ConnectionKind(RtuOverTcp, "Modbus RTU over TCP (serial gateway)", Parameters(defaults, lastUnitId: 247)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of Modbus connection"),
    };

    private static IReadOnlyList<ParameterDefinition> Parameters(ConnectionDefaults defaults, int lastUnitId) =>
    [
        new()
        {
            Key = Host, Label = "Host", Kind = ParameterKind.Host, IsRequired = true,
            Help = "Name or address of the heat pump or of its gateway in your network.",
        },
        Integer(Port, "Port", defaults.Port, 1, 65535),
        Integer(UnitId, "Unit id", defaults.UnitId, 0, lastUnitId) with
        {
            Help = "Number of the device behind this address; the default fits unless the controller or gateway says otherwise.",
        },
        Milliseconds(ConnectTimeout, "Connect timeout", defaults.ConnectTimeout),
        Milliseconds(RequestTimeout, "Answer timeout", defaults.RequestTimeout),
    ];

    private static ParameterDefinition Milliseconds(string key, string label, TimeSpan value) =>
        Integer(key, label, (int)value.TotalMilliseconds, 100, 60_000) with { Unit = "ms", IsAdvanced = true };

    private static ParameterDefinition Integer(string key, string label, int value, int min, int max) => new()
    {
        Key = key,
        Label = label,
        Kind = ParameterKind.Integer,
        Default = value.ToString(CultureInfo.InvariantCulture),
        Min = min,
        Max = max,
    };
}
