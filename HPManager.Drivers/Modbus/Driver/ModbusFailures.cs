using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>Turns what went wrong on the wire into what a person can act on.</summary>
internal static class ModbusFailures
{
    /// <summary>The failure of a link, or a refusal.</summary>
    /// <param name="result">What the client says; not success.</param>
    /// <param name="model">Whose setup guide says how to switch Modbus on.</param>
    public static Failure Of(ModbusResult result, HeatPumpModel model) => result.Fault switch
    {
        ModbusFault.NameNotFound => new(
            FailureCause.NameNotFound, "The host name has no address.", "Check the spelling, or use the IP address that the router shows."),
        ModbusFault.HostUnreachable => new(
            FailureCause.HostUnreachable, "There is no way to the host.", "Check the address, and that the heat pump is switched on and in the same network."),
        ModbusFault.ConnectTimeout => new(
            FailureCause.HostUnreachable, "Nothing answers at this address.", "Check the address, and that the heat pump is switched on and in the same network."),
        ModbusFault.ConnectionRefused => new(FailureCause.PortClosed, "The device refuses this port.", EnableHint(model)),
        ModbusFault.Timeout => new(
            FailureCause.NoAnswer,
            "Connected, but no answer in time.",
            "The unit id may be wrong, or another program holds the only connection that the controller allows."),
        ModbusFault.ConnectionLost => new(
            FailureCause.ConnectionLost, "The device closed the connection.", "Another program may hold the only connection that the controller allows."),
        ModbusFault.NotModbus => new(
            FailureCause.OtherProtocol, "Something answers here, but not in Modbus.", "Check the port: Modbus TCP usually is 502, a web page 80."),
        ModbusFault.WrongUnit => new(FailureCause.WrongUnit, "Another unit id answers.", "Check the unit id."),
        ModbusFault.DeviceException => Refusal(result),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", "The connection is opened anew. If it stays, look at cabling and gateway."),
    };

    /// <summary>The device answers Modbus, but refuses nearly all that the model has.</summary>
    public static Failure OtherModel(HeatPumpModel model, int refused, int asked) => new(
        FailureCause.OtherModel,
        $"The device answers Modbus, but refuses {refused} of {asked} registers of {model.Name}.",
        "Check manufacturer and model, and the unit id.");

    /// <summary>Whether a refusal may be over with the next poll, so that nothing is to be learnt from it.</summary>
    public static bool IsTemporary(ModbusException code) => code is not (ModbusException.IllegalFunction or ModbusException.IllegalDataAddress);

    private static Failure Refusal(ModbusResult result) => result.Exception switch
    {
        ModbusException.GatewayPathUnavailable or ModbusException.GatewayTargetFailedToRespond => new(
            FailureCause.WrongUnit, "The gateway finds no device with this unit id.", "Check the unit id, and the line behind the gateway."),
        ModbusException.ServerDeviceBusy or ModbusException.Acknowledge => new(FailureCause.Busy, "The device is busy.", "It is asked again with the next poll."),
        _ => new(FailureCause.Refused, $"{char.ToUpperInvariant(result.Detail[0])}{result.Detail[1..]}."),
    };

    private static string EnableHint(HeatPumpModel model) => model.Guide.Steps.Count > 0
        ? $"Modbus may be switched off on the controller, or the port is wrong. {model.Guide.Steps[0]}"
        : "Modbus may be switched off on the controller, or the port is wrong.";
}
