using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;
using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// The ways to reach a Modbus device and what has to be known for each. They are the same for every make; a profile only says which
/// it offers and what the defaults are.
/// </summary>
public static class ModbusConnections
{
    // 20 ms is 3.5 characters at 1,920 baud, slower than any controller runs.
    internal const int UsualGatewaySilence = 20;

    /// <summary>Kind of a connection in Modbus TCP frames.</summary>
    public const string Tcp = "modbus_tcp";

    /// <summary>Kind of a connection that carries serial frames with their checksum over TCP, as simple gateways do.</summary>
    public const string RtuOverTcp = "modbus_rtu_over_tcp";

    /// <summary>Kind of a connection on a serial line of this machine.</summary>
    public const string Rtu = "modbus_rtu";

    /// <summary>Kind of a connection that carries the frames of Modbus TCP in datagrams.</summary>
    public const string Udp = "modbus_udp";

    /// <summary>Key of the serial line's path.</summary>
    public const string Device = "device";

    /// <summary>Key of the serial line's speed, in baud.</summary>
    public const string BaudRate = "baud_rate";

    /// <summary>Key of the serial line's check bit.</summary>
    public const string Parity = "parity";

    /// <summary>Key of the serial line's stop bits.</summary>
    public const string StopBits = "stop_bits";

    /// <summary>Key of whether the adapter gives back what it sends.</summary>
    public const string Echo = "echo";

    /// <summary>Key of the pause between two frames, in milliseconds.</summary>
    public const string Silence = "silence_ms";

    /// <summary>Key of the host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the TCP or UDP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the unit id.</summary>
    public const string UnitId = "unit_id";

    /// <summary>Key of the longest wait for the connection, in milliseconds.</summary>
    public const string ConnectTimeout = "connect_timeout_ms";

    /// <summary>Key of the longest wait for an answer, in milliseconds.</summary>
    public const string RequestTimeout = "request_timeout_ms";

    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Tcp, RtuOverTcp, Rtu, Udp];

    internal static ConnectionKind Describe(string kind, ConnectionDefaults defaults) => kind switch
    {
        Tcp => new ConnectionKind(Tcp, "Modbus TCP", Parameters(defaults, lastUnitId: 255)),
        RtuOverTcp => new ConnectionKind(
            RtuOverTcp,
            "Modbus RTU over TCP (serial gateway)",
            [
                .. Parameters(defaults, lastUnitId: 247),
                Integer(Silence, "Pause between frames", UsualGatewaySilence, 0, 1000) with
                {
                    Unit = "ms", IsAdvanced = true, Help = "Gateways forward one frame at a time; 20 ms suits every speed from 1,920 baud on.",
                },
            ]),
        Udp => new ConnectionKind(
            Udp, "Modbus UDP", [.. Parameters(defaults, lastUnitId: 255).Where(parameter => parameter.Key != ConnectTimeout)]),
        Rtu => new ConnectionKind(Rtu, "Modbus RTU on a serial line", SerialParameters(defaults)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of Modbus connection"),
    };

    private static IReadOnlyList<ParameterDefinition> SerialParameters(ConnectionDefaults defaults) =>
    [
        new()
        {
            Key = Device, Label = "Serial line", Kind = ParameterKind.SerialDevice, IsRequired = true,
            Help = "Path of the adapter on this machine. A name below /dev/serial/by-id stays the same when the adapter is plugged in elsewhere.",
        },
        Choice(BaudRate, "Speed (baud)", defaults.Serial.BaudRate.ToString(CultureInfo.InvariantCulture), SerialLine.BaudRates.Select(rate => rate.ToString(CultureInfo.InvariantCulture))),
        Choice(Parity, "Parity", SnakeCaseEnum.Key(defaults.Serial.Parity), SnakeCaseEnum.Keys<SerialParity>()),
        Choice(StopBits, "Stop bits", defaults.Serial.StopBits.ToString(CultureInfo.InvariantCulture), ["1", "2"]),
        Integer(UnitId, "Unit id", Math.Max(1, defaults.UnitId), 1, 247) with { Help = "Number of the device on the wire; each needs one of its own." },
        Milliseconds(RequestTimeout, "Answer timeout", defaults.RequestTimeout),
        new()
        {
            Key = Echo, Label = "The adapter echoes what it sends", Kind = ParameterKind.Flag, Default = "false", IsAdvanced = true,
            Help = "Simple two-wire adapters do. Without the right setting every answer is refused.",
        },
    ];

    private static ParameterDefinition Choice(string key, string label, string value, IEnumerable<string> words) => new()
    {
        Key = key,
        Label = label,
        Kind = ParameterKind.Choice,
        Default = value,
        Choices = [.. words.Select(word => new ParameterChoice(word, word))],
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
