using HPManager.Core.Manufacturers;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>Turns what went wrong on the wire into what a person can act on.</summary>
internal static class LuxtronikFailures
{
    private const string CheckAddress = "Check the address, and that the heat pump is switched on and in the same network.";
    private const string OtherClient = "Another program may hold the only connection that the controller allows; end it, or restart the controller.";
    private const string LooksWrong = "The connection is opened anew. If it stays, another program may be asking the controller at the same time.";

    /// <summary>The failure of a read.</summary>
    public static Failure Of(LuxtronikResult result, LuxtronikEndpoint endpoint) => result.Fault switch
    {
        LuxtronikFault.NameNotFound => new(
            FailureCause.NameNotFound, "The host name has no address.", "Check the spelling, or use the IP address that the router shows."),
        LuxtronikFault.HostUnreachable => new(FailureCause.HostUnreachable, "There is no way to the host.", CheckAddress),
        LuxtronikFault.ConnectTimeout => new(FailureCause.HostUnreachable, "Nothing answers at this address.", CheckAddress),
        LuxtronikFault.ConnectionRefused => new(FailureCause.PortClosed, $"The device refuses {Ports(endpoint)}.", $"{OtherClient} After an update of its firmware the network settings may have to be entered again."),
        LuxtronikFault.Timeout => new(FailureCause.NoAnswer, "Connected, but no whole answer in time.", OtherClient),
        LuxtronikFault.ConnectionLost => result.HasAnswered
            ? new(FailureCause.ConnectionLost, "The device closed the connection in the middle.", OtherClient)
            : new(FailureCause.Busy, "The device accepts the connection and closes it at once.", OtherClient),
        LuxtronikFault.Busy => new(FailureCause.Busy, "A setting is being changed on the controller.", "It answers again when that is done."),
        LuxtronikFault.WrongEcho when !result.HasAnswered => new(
            FailureCause.OtherProtocol, "Something answers here, but not as a Luxtronik controller does.", $"Check address and port: the usual one is {LuxtronikEndpoint.UsualPort}, 80 is a web page."),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", LooksWrong),
    };

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public static Failure OfWrite(LuxtronikResult result, LuxtronikEndpoint endpoint)
    {
        var failure = Of(result, endpoint);
        var consequence = result.IsBeforeSending ? "Nothing was sent." : "It is not known whether the controller took the value.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>A block that cannot be whole.</summary>
    public static Failure ShortBlock(string detail) => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {detail}.", LooksWrong);

    private static string Ports(LuxtronikEndpoint endpoint) => endpoint.Port is { } port
        ? $"port {port}"
        : $"the ports {LuxtronikEndpoint.UsualPort} and {LuxtronikEndpoint.OldPort}";
}
