using HPManager.Core.Manufacturers;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Client;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>Turns what went wrong into what a person can act on.</summary>
/// <param name="guide">How access is switched on.</param>
/// <param name="endpoint">The way to ebusd.</param>
internal sealed class EbusdFailures(SetupGuide guide, EbusdEndpoint endpoint)
{
    private const string CheckAddress = "Check the address, and that the machine with ebusd is switched on and in the same network.";
    private const string CheckPort = "Check address and port: the usual one is 8888; 8889 or 8080 is often its web page.";
    private const string CheckAdapter = "Look at the adapter: its power, the two wires to the bus, and ebusd's option --device. Some adapters have to be switched off and on after lasting errors.";

    /// <summary>The login cannot be said in ebusd's language.</summary>
    public static Failure UnsayableLogin { get; } = new(
        FailureCause.Misconfigured, "User and secret must not be empty and must not hold quotation marks, which ebusd has no way to be told.", "Give the user in ebusd's file another secret.");

    /// <summary>ebusd hears nothing.</summary>
    public static Failure NoSignal { get; } = new(FailureCause.DeviceOffline, "ebusd answers, but has no signal on the bus.", CheckAdapter);

    /// <summary>ebusd does not know yet what is on the bus.</summary>
    public static Failure Scanning { get; } = new(
        FailureCause.NoData, "ebusd answers, but is still looking for what is on the bus.", "This takes some tens of seconds after it was started. If it stays, see in its log what it waits for.");

    /// <summary>ebusd knows the bus, and there is no heat pump on it that it has definitions of.</summary>
    public static Failure NoHeatPump { get; } = new(
        FailureCause.OtherModel,
        "ebusd answers, but has found no Vaillant heat pump on the bus.",
        "Start ebusd with --scanconfig, so that it loads the definitions for what is on the bus, and see with 'ebusctl info' what it has found. A gas boiler alone is no heat pump.");

    /// <summary>The failure of a command.</summary>
    public Failure Of(EbusdAnswer answer) => answer.Fault switch
    {
        EbusdFault.NameNotFound => new(
            FailureCause.NameNotFound, $"The host name {endpoint.Host} has no address.", "Check the spelling, or use the IP address that the router shows."),
        EbusdFault.HostUnreachable => new(FailureCause.HostUnreachable, $"There is no way to {endpoint.Host}.", CheckAddress),
        EbusdFault.ConnectTimeout => new(FailureCause.HostUnreachable, $"Nothing answers at {endpoint.Host}.", CheckAddress),
        EbusdFault.ConnectionRefused => new(
            FailureCause.PortClosed, $"Port {endpoint.Port} is closed on {endpoint.Host}.", $"Check that this is where ebusd runs. {guide.SwitchOn}"),
        EbusdFault.LoginRefused => new(
            FailureCause.AccessDenied, "ebusd refuses user or secret.", "Compare them with the file of users that ebusd was started with (--aclfile)."),
        EbusdFault.Timeout => new(
            FailureCause.NoAnswer, "Connected, but no whole answer in time.", $"Another program may keep ebusd busy with slow reads of the bus, or this is not ebusd. {CheckPort}"),
        EbusdFault.ConnectionLost when !answer.HasAnswered => new(
            FailureCause.Busy, "The other side accepts the connection and closes it at once.", $"ebusd may be starting or stopping, or this is not ebusd. {CheckPort}"),
        EbusdFault.ConnectionLost => new(FailureCause.ConnectionLost, "ebusd closed the connection in the middle.", "It may have been restarted; see its log if it stays."),
        _ when !answer.HasAnswered => OtherProtocol,
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {answer.Detail}.", "The connection is opened anew. If it stays, see whether this is ebusd."),
    };

    /// <summary>What answers is not ebusd.</summary>
    public static Failure OtherProtocol { get; } = new(FailureCause.OtherProtocol, "Something answers here, but not as ebusd does.", CheckPort);

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public Failure OfWrite(EbusdAnswer answer)
    {
        var failure = Of(answer);
        var consequence = answer.IsBeforeSending ? "Nothing was sent." : "It is not known whether the controller took the value.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>ebusd's refusal of a write; null when it is none.</summary>
    public static Failure? OfWriteAnswer(EbusdAnswer answer)
    {
        if (!answer.IsError) return null;
        var sorted = ReadAnswer.Of(answer);
        var said = answer.Text.Length > 120 ? answer.Text[..120] : answer.Text;
        return sorted.Kind switch
        {
            ReadKind.NotOffered => new(
                FailureCause.Refused,
                $"ebusd refuses the write ({said}).",
                "An access level is missing (--accesslevel, or the user's in --aclfile), or this ebusd does not know the value. An update of an add-on may have dropped the level."),
            ReadKind.NoSignal => NoSignal with { Message = $"{NoSignal.Message} It is not known whether the controller took the value." },
            ReadKind.BusFault => new(FailureCause.NoAnswer, $"The bus failed ({said}). It is not known whether the controller took the value.", "Try again in a moment; if it stays, look at the adapter."),
            _ => new(FailureCause.Refused, $"ebusd refuses the write ({said}).", null),
        };
    }

    /// <summary>A sensor that this ebusd does not let be written.</summary>
    public static Failure NotWritable(string label) => new(
        FailureCause.Refused, $"This ebusd offers no write of {label}. Nothing was sent.", "It may need an access level (--accesslevel, or the user's in --aclfile), or newer definitions.");
}
