using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Turns what went wrong on the wire into what a person can act on.</summary>
/// <param name="model">The model configured; its guide says where Modbus is switched on.</param>
/// <param name="connection">The way to the device.</param>
internal sealed class ModbusFailures(ModbusModel model, ConnectionConfig connection)
{
    private const string CheckAddress = "Check the address, and that the heat pump is switched on and in the same network.";
    private const string CheckUnit = "Check the unit id, and the line behind the gateway.";
    private const string OtherClient =
        "Another program may hold the only connection that the controller allows: end other programs that read it, or restart the controller.";
    private const string CheckWire = "Check speed, parity and stop bits, that A and B are not swapped, and the unit id.";

    private readonly bool _isSerial = connection.Kind == ModbusConnections.Rtu;
    private readonly string _host = connection.Settings[ModbusConnections.Host] ?? "";
    private readonly int _port = connection.Settings.Integer(ModbusConnections.Port) ?? model.Profile.DefaultPort;
    private readonly int _unit = connection.Settings.Integer(ModbusConnections.UnitId) ?? model.Profile.DefaultUnitId;

    /// <summary>The failure of a link, or a refusal.</summary>
    /// <param name="result">What the client says; not success.</param>
    public Failure Of(ModbusResult result) => result.Fault switch
    {
        ModbusFault.NameNotFound => new(
            FailureCause.NameNotFound, $"The host name {_host} has no address.", "Check the spelling, or use the IP address that the router shows."),
        ModbusFault.HostUnreachable => new(FailureCause.HostUnreachable, $"There is no way to {_host}.", CheckAddress),
        ModbusFault.ConnectTimeout => new(
            FailureCause.HostUnreachable,
            $"Nothing answers at {_host}.",
            $"{CheckAddress} If its web page opens, a firewall is in between or Modbus is switched off. {model.Guide.SwitchOn}".TrimEnd()),
        ModbusFault.ConnectionRefused => new(FailureCause.PortClosed, $"Port {_port} of {_host} is closed.", OpenHint()),
        ModbusFault.LineNotFound => new(
            FailureCause.HostUnreachable, $"{Sentence(result)}.", "Check that the adapter is plugged in; a name below /dev/serial/by-id stays the same at every port."),
        ModbusFault.LineForbidden => new(
            FailureCause.Misconfigured, $"{Sentence(result)}.", "Add the user to the group dialout and start the program again; hand a container the device."),
        ModbusFault.LineInUse => new(
            FailureCause.Busy, $"{Sentence(result)}.", "Another program has it open, or another heat pump on it has other line settings."),
        ModbusFault.LineUnusable => new(FailureCause.Misconfigured, $"{Sentence(result)}.", "Check the path and the line settings; where there is no Linux, use a gateway in the network."),
        ModbusFault.Timeout when _isSerial => new(FailureCause.NoAnswer, "The line is open, but no answer came in time.", CheckWire),
        ModbusFault.ConnectionLost when _isSerial => new(
            FailureCause.ConnectionLost, "The serial line has ended.", "The adapter was pulled out or lost its power; it is opened again when it is back."),
        ModbusFault.NotModbus when _isSerial => new(
            FailureCause.OtherProtocol,
            "Something sends on this line without being asked.",
            "Only one program may ask on a line: look for another master. If there is none, it is noise: check A, B, ground and termination."),
        ModbusFault.WrongTransaction or ModbusFault.WrongFunction or ModbusFault.BadLength or ModbusFault.BadCrc or ModbusFault.EchoMismatch when _isSerial => new(
            FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", $"{CheckWire} Then ground, termination, and whether the adapter echoes."),
        ModbusFault.Timeout => new(
            FailureCause.NoAnswer, $"Connected, but unit id {_unit} gives no answer in time.", $"Check the unit id: these devices usually have {model.Profile.DefaultUnitId}.{PortHint()} {OtherClient}"),
        ModbusFault.ConnectionLost => new(FailureCause.ConnectionLost, "The device closed the connection.", OtherClient),
        ModbusFault.NotModbus => new(
            FailureCause.OtherProtocol, $"Something answers at port {_port}, but not in Modbus: {result.Detail}.", $"Check address and port: {UsualPort()}"),
        ModbusFault.WrongUnit => new(FailureCause.WrongUnit, $"Another unit id answers: {result.Detail}.", "Set the unit id to the one that answers."),
        ModbusFault.DeviceException => Refusal(result),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", "The connection is opened anew. If it stays, look at cabling and gateway."),
    };

    /// <summary>As <see cref="Of"/>, for a read that was tried on a new connection before anything had answered.</summary>
    public Failure OfFirstRead(ModbusResult result) => result.Fault == ModbusFault.ConnectionLost && !_isSerial
        ? new Failure(FailureCause.Busy, "The device accepts the connection and closes it at once.", OtherClient)
        : Of(result);

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public Failure OfWrite(ModbusResult result)
    {
        var failure = Of(result);
        if (result.IsDeviceException) return failure;
        var consequence = IsBeforeSending(result.Fault) ? "Nothing was sent." : "It is not known whether the heat pump took the value.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>The device answers Modbus, but refuses nearly all that the model has.</summary>
    public Failure OtherModel(int refused, int asked) => new(
        FailureCause.OtherModel,
        $"The device answers Modbus, but refuses {refused} of {asked} registers of {model.Name}.",
        "Check manufacturer and model, and the unit id.");

    /// <summary>The device answers Modbus, but has none of the points by which the model is known.</summary>
    public Failure WithoutProof(IEnumerable<string> labels) => new(
        FailureCause.OtherModel,
        $"The device answers Modbus, but not as {model.Name}: it has neither {string.Join(" nor ", labels)}.",
        "Check manufacturer and model; an older controller is not read, because its registers mean other things.");

    /// <summary>The device says that it is another model than the one configured.</summary>
    /// <param name="label">What it says it by.</param>
    /// <param name="code">What it says.</param>
    /// <param name="names">What this means; empty when nobody knows.</param>
    public Failure IdentifiedAs(string label, int code, IReadOnlyList<string> names) => names.Count > 0
        ? new Failure(
            FailureCause.OtherModel, $"The device is not a {model.Name} but a {string.Join(" or ", names)} ({label} {code}).", "Choose that model.")
        : new Failure(
            FailureCause.OtherModel,
            $"The device is of a kind that is not known here ({label} {code}).",
            "It is not read, because its registers may mean other things. Please report the number.");

    /// <summary>The device does not say which model it is.</summary>
    public Failure Unidentified(string label) => new(
        FailureCause.OtherModel, $"The device does not say that it is a {model.Name} ({label} has no value).", "Check manufacturer and model, and the unit id.");

    /// <summary>Another unit id answers than the one configured.</summary>
    /// <param name="unit">The one that answers.</param>
    /// <param name="lacks">What the configured one does instead.</param>
    /// <param name="has">What the other one does.</param>
    public Failure OtherUnit(byte unit, string lacks = "does not answer", string has = "does") =>
        new(FailureCause.WrongUnit, $"Unit id {_unit} {lacks}, but {unit} {has}.", $"Set the unit id to {unit} and test again.");

    /// <summary>Whether a refusal may be over with the next poll, so that nothing is to be learnt from it.</summary>
    public static bool IsTemporary(ModbusException code) =>
        code is not (ModbusException.IllegalFunction or ModbusException.IllegalDataAddress or ModbusException.IllegalDataValue);

    /// <summary>Whether there was no connection to send on: one that is not to be had now is not to be had a millisecond later either.</summary>
    public static bool IsBeforeSending(ModbusFault fault) =>
        fault is ModbusFault.NameNotFound or ModbusFault.HostUnreachable or ModbusFault.ConnectionRefused or ModbusFault.ConnectTimeout
            or ModbusFault.LineNotFound or ModbusFault.LineForbidden or ModbusFault.LineInUse or ModbusFault.LineUnusable;

    private static string Sentence(ModbusResult result) => $"{char.ToUpperInvariant(result.Detail[0])}{result.Detail[1..]}";

    private Failure Refusal(ModbusResult result) => result.Exception switch
    {
        ModbusException.GatewayPathUnavailable => new(FailureCause.WrongUnit, $"The gateway knows no way to unit id {_unit}.", CheckUnit),
        ModbusException.GatewayTargetFailedToRespond => new(FailureCause.WrongUnit, $"The gateway gets no answer from unit id {_unit}.", CheckUnit),
        ModbusException.ServerDeviceBusy => new(FailureCause.Busy, "The device is busy.", "Try again in a minute."),
        ModbusException.Acknowledge => new(FailureCause.Busy, "The device has taken the request, but is still working on it.", "Try again in a minute."),
        ModbusException.IllegalFunction => Refused("it does not know the function, or the register is not active on it"),
        ModbusException.IllegalDataAddress => Refused("it does not have this register"),
        ModbusException.IllegalDataValue => Refused("it does not allow this value"),
        ModbusException.ServerDeviceFailure => Refused("it failed while it carried out the request"),
        ModbusException.MemoryParityError => Refused("its memory is faulty"),
        _ => new(FailureCause.Refused, $"{Sentence(result)}."),
    };

    private static Failure Refused(string reason) => new(FailureCause.Refused, $"The device refused: {reason}.");

    private string OpenHint()
    {
        var where = model.Guide.SwitchOn ?? $"The setup steps of {model.Name} say how to switch it on.";
        return _port == model.Profile.DefaultPort
            ? $"Modbus is switched off on the device, or this is the address of another one. {where}"
            : $"{UsualPort()} If that is closed too, Modbus is switched off on the device. {where}";
    }

    private string PortHint() => _port == model.Profile.DefaultPort ? "" : $" Check the port: {UsualPort()}";

    private string UsualPort() => string.Create(
        CultureInfo.InvariantCulture, $"{model.Name} usually listens on port {model.Profile.DefaultPort}; port 80 is a web page.");
}
