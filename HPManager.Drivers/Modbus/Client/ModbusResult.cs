using System.Globalization;

namespace HPManager.Drivers.Modbus.Client;

/// <summary>What kept a request from succeeding. Everything but <see cref="DeviceException"/> leaves the connection closed.</summary>
public enum ModbusFault
{
    /// <summary>Nothing: success.</summary>
    None,

    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host answers, nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>No connection within the connect timeout.</summary>
    ConnectTimeout,

    /// <summary>There is no such serial line: it was never there, or was pulled out.</summary>
    LineNotFound,

    /// <summary>The user that the program runs as may not open the serial line.</summary>
    LineForbidden,

    /// <summary>Another program has the serial line, or another heat pump with other settings of it.</summary>
    LineInUse,

    /// <summary>The path is no serial line, or the line does not take the settings.</summary>
    LineUnusable,

    /// <summary>Connected, but no whole answer within the request timeout.</summary>
    Timeout,

    /// <summary>The connection ended before the answer was whole.</summary>
    ConnectionLost,

    /// <summary>Something answers, but not in Modbus: a wrong protocol id, a web server, bytes nobody asked for.</summary>
    NotModbus,

    /// <summary>An answer to another request.</summary>
    WrongTransaction,

    /// <summary>An answer from another unit id.</summary>
    WrongUnit,

    /// <summary>An answer to another function.</summary>
    WrongFunction,

    /// <summary>A length or byte count that does not fit the request, or bytes after the end of the answer.</summary>
    BadLength,

    /// <summary>The checksum of a serial frame is wrong.</summary>
    BadCrc,

    /// <summary>A write was acknowledged with another address, value or count.</summary>
    EchoMismatch,

    /// <summary>The device answered properly and refused; see <see cref="ModbusResult.Exception"/>. The connection stays open.</summary>
    DeviceException,
}

/// <summary>How one request ended. <c>default</c> is success. Immutable; making a success or a listed refusal allocates nothing.</summary>
public readonly record struct ModbusResult
{
    private static readonly string[] Refusals = BuildRefusals();

    private ModbusResult(ModbusFault fault, ModbusException exception, string detail)
    {
        Fault = fault;
        Exception = exception;
        Detail = detail;
    }

    /// <summary>The request was carried out.</summary>
    public static ModbusResult Success => default;

    /// <summary>Why it failed, or <see cref="ModbusFault.None"/>.</summary>
    public ModbusFault Fault { get; }

    /// <summary>The device's reason when it refused; may hold a number the enumeration does not list.</summary>
    public ModbusException Exception { get; }

    /// <summary>What happened, in English for logs and support; empty on success.</summary>
    public string Detail => field ?? "";

    /// <summary>The request was carried out and the destination, if any, is filled.</summary>
    public bool IsSuccess => Fault == ModbusFault.None;

    /// <summary>The device is there and said no.</summary>
    public bool IsDeviceException => Fault == ModbusFault.DeviceException;

    /// <summary>A request that did not get a valid answer.</summary>
    public static ModbusResult Failed(ModbusFault fault, string detail)
    {
        if (fault is ModbusFault.None or ModbusFault.DeviceException)
            throw new ArgumentOutOfRangeException(nameof(fault), fault, "Success and Refused make these.");
        return new ModbusResult(fault, ModbusException.None, detail);
    }

    /// <summary>A request that the device answered with an exception code.</summary>
    public static ModbusResult Refused(ModbusException exception) =>
        new(ModbusFault.DeviceException, exception, Refusals[(byte)exception]);

    private static string[] BuildRefusals()
    {
        var refusals = new string[byte.MaxValue + 1];
        for (var code = 0; code < refusals.Length; code++)
        {
            refusals[code] = string.Create(CultureInfo.InvariantCulture, $"the device refused with code {code} ({Word((ModbusException)code)})");
        }

        return refusals;
    }

    private static string Word(ModbusException exception) => exception switch
    {
        ModbusException.IllegalFunction => "illegal function",
        ModbusException.IllegalDataAddress => "illegal data address",
        ModbusException.IllegalDataValue => "illegal data value",
        ModbusException.ServerDeviceFailure => "device failure",
        ModbusException.Acknowledge => "accepted, still working",
        ModbusException.ServerDeviceBusy => "device busy",
        ModbusException.MemoryParityError => "memory parity error",
        ModbusException.GatewayPathUnavailable => "gateway has no path to the device",
        ModbusException.GatewayTargetFailedToRespond => "gateway got no answer from the device",
        _ => "meaning unknown",
    };
}
