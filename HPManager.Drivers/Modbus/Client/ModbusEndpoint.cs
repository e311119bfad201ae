using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Drivers.Modbus.Client;

/// <summary>How frames travel to the device.</summary>
public enum ModbusTransport
{
    /// <summary>Modbus TCP: numbered frames with a length in front.</summary>
    Tcp,

    /// <summary>Serial frames with a checksum, carried by a gateway over a TCP connection.</summary>
    RtuOverTcp,

    /// <summary>Serial frames on a serial line.</summary>
    Rtu,

    /// <summary>The frames of Modbus TCP, each in a datagram, as some gateways take them.</summary>
    Udp,
}

/// <summary>One physical way in. Several unit ids may live behind it.</summary>
/// <param name="Host">IPv4 or IPv6 address, or a name; every address of a name is tried in the resolver's order.</param>
/// <param name="Port">TCP or UDP port, 1..65535; 502 by convention.</param>
/// <param name="Transport">How frames travel.</param>
/// <param name="ConnectTimeout">Limit for name resolution and all connection attempts together; more than zero.</param>
/// <param name="RequestTimeout">Limit from the first byte sent to the last byte of the answer; more than zero.</param>
/// <param name="Silence">
/// Least time between the end of one exchange and the next request, zero for none. A serial line needs 3.5 characters
/// (4 ms at 9600 baud); some TCP devices need a pause as well.
/// </param>
public sealed record ModbusEndpoint(
    string Host,
    int Port,
    ModbusTransport Transport,
    TimeSpan ConnectTimeout,
    TimeSpan RequestTimeout,
    TimeSpan Silence)
{
    /// <summary>The line of <see cref="ModbusTransport.Rtu"/>; null for the others.</summary>
    public SerialLine? Line { get; init; }

    /// <summary>An endpoint on a serial line, with the silence that its speed needs.</summary>
    /// <param name="line">The line.</param>
    /// <param name="requestTimeout">Limit from the first byte sent to the last byte of the answer; more than zero.</param>
    public static ModbusEndpoint On(SerialLine line, TimeSpan requestTimeout) =>
        new(line.Device, 0, ModbusTransport.Rtu, requestTimeout, requestTimeout, line.Silence) { Line = line };
}
