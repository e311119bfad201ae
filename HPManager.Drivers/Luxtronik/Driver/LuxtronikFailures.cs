using HPManager.Core.Manufacturers;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>Turns what went wrong on the wire into what a person can act on.</summary>
/// <param name="model">The model configured.</param>
/// <param name="endpoint">The way to the controller.</param>
internal sealed class LuxtronikFailures(LuxtronikModel model, LuxtronikEndpoint endpoint)
{
    private const string CheckAddress = "Check the address, and that the heat pump is switched on and in the same network.";
    private const string OtherClient = "Another program may hold the only connection that the controller allows; end it, or restart the controller.";
    private const string LooksWrong = "The connection is opened anew. If it stays, another program may be asking the controller at the same time.";

    /// <summary>The failure of a read.</summary>
    public Failure Of(LuxtronikResult result) => result.Fault switch
    {
        LuxtronikFault.NameNotFound => new(
            FailureCause.NameNotFound, $"The host name {endpoint.Host} has no address.", "Check the spelling, or use the IP address that the router shows."),
        LuxtronikFault.HostUnreachable => new(FailureCause.HostUnreachable, $"There is no way to {endpoint.Host}.", CheckAddress),
        LuxtronikFault.ConnectTimeout => new(FailureCause.HostUnreachable, $"Nothing answers at {endpoint.Host}.", CheckAddress),
        LuxtronikFault.ConnectionRefused => new(
            FailureCause.PortClosed, $"{Ports()} closed on {endpoint.Host}.", $"Check that this is the controller's address. {model.Guide.SwitchOn} {OtherClient}"),
        LuxtronikFault.Timeout => new(FailureCause.NoAnswer, "Connected, but no whole answer in time.", OtherClient),
        LuxtronikFault.ConnectionLost => result.HasAnswered
            ? new(FailureCause.ConnectionLost, "The device closed the connection in the middle.", OtherClient)
            : new(FailureCause.Busy, "The device accepts the connection and closes it at once.", OtherClient),
        LuxtronikFault.Busy => new(FailureCause.Busy, "A setting is being changed on the controller.", "It answers again when that is done."),
        LuxtronikFault.WrongEcho or LuxtronikFault.Surplus when !result.HasAnswered => new(
            FailureCause.OtherProtocol, "Something answers here, but not as a Luxtronik controller does.", $"Check address and port: the usual one is {LuxtronikEndpoint.UsualPort}, 80 is a web page."),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", LooksWrong),
    };

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public Failure OfWrite(LuxtronikResult result)
    {
        var failure = Of(result);
        var consequence = result.IsBeforeSending ? "Nothing was sent." : "It is not known whether the controller took the value.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>A block that cannot be whole.</summary>
    public static Failure ShortBlock(string detail) => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {detail}.", LooksWrong);

    /// <summary>The controller says by its firmware that it is of the other series than the model configured.</summary>
    public Failure OtherSeries(FirmwareVersion firmware)
    {
        var name = firmware.Series < 3 ? "Luxtronik 2.0" : "Luxtronik 2.1";
        return new Failure(FailureCause.OtherModel, $"The controller is not a {model.Name} but a {name} (firmware {firmware.Text}).", $"Choose {name}.");
    }

    private string Ports() => endpoint.Port is { } port ? $"Port {port} is" : $"The ports {LuxtronikEndpoint.UsualPort} and {LuxtronikEndpoint.OldPort} are";
}
