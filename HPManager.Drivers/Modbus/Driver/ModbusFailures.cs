using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Turns what went wrong on the wire into what a person can act on.</summary>
internal static class ModbusFailures
{
    private const string CheckAddress = "Check the address, and that the heat pump is switched on and in the same network.";
    private const string CheckUnit = "Check the unit id, and the line behind the gateway.";
    private const string OtherClient = "Another program may hold the only connection that the controller allows.";
    private const string CheckWire = "Check speed, parity and stop bits, that A and B are not swapped, and the unit id.";

    /// <summary>The failure of a link, or a refusal.</summary>
    /// <param name="result">What the client says; not success.</param>
    /// <param name="model">Whose setup guide says how to switch Modbus on.</param>
    /// <param name="isSerial">Whether it is asked over a serial line of this machine.</param>
    public static Failure Of(ModbusResult result, HeatPumpModel model, bool isSerial) => result.Fault switch
    {
        ModbusFault.NameNotFound => new(
            FailureCause.NameNotFound, "The host name has no address.", "Check the spelling, or use the IP address that the router shows."),
        ModbusFault.HostUnreachable => new(FailureCause.HostUnreachable, "There is no way to the host.", CheckAddress),
        ModbusFault.ConnectTimeout => new(FailureCause.HostUnreachable, "Nothing answers at this address.", CheckAddress),
        ModbusFault.ConnectionRefused => new(FailureCause.PortClosed, "The device refuses this port.", EnableHint(model)),
        ModbusFault.LineNotFound => new(
            FailureCause.HostUnreachable, $"{Sentence(result)}.", "Check that the adapter is plugged in; a name below /dev/serial/by-id stays the same at every port."),
        ModbusFault.LineForbidden => new(
            FailureCause.Misconfigured, $"{Sentence(result)}.", "Add the user to the group dialout and start the program again; hand a container the device."),
        ModbusFault.LineInUse => new(
            FailureCause.Busy, $"{Sentence(result)}.", "Another program has it open, or another heat pump on it has other line settings."),
        ModbusFault.LineUnusable => new(FailureCause.Misconfigured, $"{Sentence(result)}.", "Check the path and the line settings."),
        ModbusFault.Timeout when isSerial => new(FailureCause.NoAnswer, "The line is open, but no answer came in time.", CheckWire),
        ModbusFault.ConnectionLost when isSerial => new(
            FailureCause.ConnectionLost, "The serial line has ended.", "The adapter was pulled out or lost its power; it is opened again when it is back."),
        ModbusFault.NotModbus when isSerial => new(
            FailureCause.OtherProtocol,
            "Something sends on this line without being asked.",
            "Only one program may ask on a line: look for another master. If there is none, it is noise: check A, B, ground and termination."),
        ModbusFault.WrongTransaction or ModbusFault.WrongFunction or ModbusFault.BadLength or ModbusFault.BadCrc or ModbusFault.EchoMismatch when isSerial => new(
            FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", $"{CheckWire} Then ground, termination, and whether the adapter echoes."),
        ModbusFault.Timeout => new(FailureCause.NoAnswer, "Connected, but no answer in time.", $"The unit id may be wrong. {OtherClient}"),
        ModbusFault.ConnectionLost => new(FailureCause.ConnectionLost, "The device closed the connection.", OtherClient),
        ModbusFault.NotModbus => new(
            FailureCause.OtherProtocol, "Something answers here, but not in Modbus.", "Check the port: Modbus TCP usually is 502, a web page 80."),
        ModbusFault.WrongUnit => new(FailureCause.WrongUnit, "Another unit id answers.", "Check the unit id."),
        ModbusFault.DeviceException => Refusal(result),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", "The connection is opened anew. If it stays, look at cabling and gateway."),
    };

    /// <summary>As <see cref="Of"/>, for a read that was tried on a new connection before anything had answered.</summary>
    public static Failure OfFirstRead(ModbusResult result, HeatPumpModel model, bool isSerial) => result.Fault == ModbusFault.ConnectionLost && !isSerial
        ? new Failure(FailureCause.Busy, "The device accepts the connection and closes it at once.", OtherClient)
        : Of(result, model, isSerial);

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public static Failure OfWrite(ModbusResult result, HeatPumpModel model, bool isSerial)
    {
        var failure = Of(result, model, isSerial);
        if (result.IsDeviceException) return failure;
        var consequence = IsBeforeSending(result.Fault) ? "Nothing was sent." : "It is not known whether the heat pump took the value.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>The device answers Modbus, but refuses nearly all that the model has.</summary>
    public static Failure OtherModel(HeatPumpModel model, int refused, int asked) => new(
        FailureCause.OtherModel,
        $"The device answers Modbus, but refuses {refused} of {asked} registers of {model.Name}.",
        "Check manufacturer and model, and the unit id.");

    /// <summary>The device answers Modbus, but has none of the points by which the model is known.</summary>
    public static Failure WithoutProof(HeatPumpModel model, IEnumerable<string> labels) => new(
        FailureCause.OtherModel,
        $"The device answers Modbus, but not as {model.Name}: it has neither {string.Join(" nor ", labels)}.",
        "Check manufacturer and model; an older controller is not read, because its registers mean other things.");

    /// <summary>The device says that it is another model than the one configured.</summary>
    /// <param name="model">The one configured.</param>
    /// <param name="label">What it says it by.</param>
    /// <param name="code">What it says.</param>
    /// <param name="names">What this means; empty when nobody knows.</param>
    public static Failure IdentifiedAs(HeatPumpModel model, string label, int code, IReadOnlyList<string> names) => names.Count > 0
        ? new Failure(
            FailureCause.OtherModel, $"The device is not a {model.Name} but a {string.Join(" or ", names)} ({label} {code}).", "Choose that model.")
        : new Failure(
            FailureCause.OtherModel,
            $"The device is of a kind that is not known here ({label} {code}).",
            "It is not read, because its registers may mean other things. Please report the number.");

    /// <summary>The device does not say which model it is.</summary>
    public static Failure Unidentified(HeatPumpModel model, string label) => new(
        FailureCause.OtherModel, $"The device does not say which model it is ({label} has no value).", $"Check that it is a {model.Name}, and the unit id.");

    /// <summary>Whether a refusal may be over with the next poll, so that nothing is to be learnt from it.</summary>
    public static bool IsTemporary(ModbusException code) =>
        code is not (ModbusException.IllegalFunction or ModbusException.IllegalDataAddress or ModbusException.IllegalDataValue);

    /// <summary>Whether there was no connection to send on: one that is not to be had now is not to be had a millisecond later either.</summary>
    public static bool IsBeforeSending(ModbusFault fault) =>
        fault is ModbusFault.NameNotFound or ModbusFault.HostUnreachable or ModbusFault.ConnectionRefused or ModbusFault.ConnectTimeout
            or ModbusFault.LineNotFound or ModbusFault.LineForbidden or ModbusFault.LineInUse or ModbusFault.LineUnusable;

    private static string Sentence(ModbusResult result) => $"{char.ToUpperInvariant(result.Detail[0])}{result.Detail[1..]}";

    private static Failure Refusal(ModbusResult result) => result.Exception switch
    {
        ModbusException.GatewayPathUnavailable => new(FailureCause.WrongUnit, "The gateway knows no way to this unit id.", CheckUnit),
        ModbusException.GatewayTargetFailedToRespond => new(FailureCause.WrongUnit, "The gateway gets no answer from this unit id.", CheckUnit),
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

    private static string EnableHint(HeatPumpModel model) => model.Guide.Steps.Count > 0
        ? $"Modbus may be switched off on the controller, or the port is wrong. {model.Guide.Steps[0]}"
        : "Modbus may be switched off on the controller, or the port is wrong.";
}
