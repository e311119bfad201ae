using System.Globalization;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Client;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>Turns what went wrong between us and a gateway into what a person can act on.</summary>
/// <param name="model">The model configured.</param>
/// <param name="way">The way to the gateway's HTTP interface; null when that is not used.</param>
internal sealed class HusdataFailures(HusdataModel model, HusdataEndpoint? way)
{
    private const string CheckAddress = "Check the address, and that the gateway is switched on and in the same network.";
    private const string TryAgain = "It is asked again with the next poll. If it stays, restart the gateway.";
    private const string OpenIt = "Check address and port: a browser that opens this address must show the gateway's own web page.";

    private readonly HusdataEndpoint _endpoint = way ?? new HusdataEndpoint("the gateway", HusdataEndpoint.UsualPort);

    /// <summary>The failure of a read.</summary>
    public Failure Of(HusdataAnswer answer) => answer.Fault switch
    {
        HusdataFault.NameNotFound => new(
            FailureCause.NameNotFound, $"The host name {_endpoint.Host} has no address.", "Check the spelling, or use the IP address that the router shows."),
        HusdataFault.HostUnreachable => new(FailureCause.HostUnreachable, $"There is no way to {_endpoint.Host}.", CheckAddress),
        HusdataFault.ConnectTimeout => new(FailureCause.HostUnreachable, $"Nothing answers at {_endpoint.Host}.", CheckAddress),
        HusdataFault.ConnectionRefused => new(
            FailureCause.PortClosed, $"Port {_endpoint.Port} is closed on {_endpoint.Host}.", $"Check that this is the gateway's address; its usual port is {HusdataEndpoint.UsualPort}. {model.Guide.SwitchOn}"),
        HusdataFault.Timeout => new(FailureCause.NoAnswer, "Connected, but no whole answer in time.", TryAgain),
        HusdataFault.ConnectionLost => new(FailureCause.ConnectionLost, "The gateway closed the connection in the middle.", TryAgain),
        HusdataFault.NotHttp => new(FailureCause.OtherProtocol, "What answers here does not speak HTTP, as a gateway does.", $"{OpenIt} {model.Guide.SwitchOn}"),
        HusdataFault.Redirected => new(
            FailureCause.OtherProtocol, $"What answers here sends on to another place ({answer.Detail}), which no gateway does.", OpenIt),
        HusdataFault.Status => WebPage($"answers with {answer.Detail} instead of values"),
        _ => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {answer.Detail}.", OpenIt),
    };

    /// <summary>As <see cref="Of"/>, for a write: says whether the value may have arrived.</summary>
    public Failure OfWrite(HusdataAnswer answer)
    {
        if (answer.Fault == HusdataFault.Status) return ReadOnly($"HTTP {(int)answer.Status}");
        var failure = Of(answer);
        return failure with { Message = $"{failure.Message} {(answer.IsBeforeSending ? "Nothing was sent." : "It is not known whether the heat pump took the value.")}" };
    }

    /// <summary>A document that is broken.</summary>
    public static Failure Broken(string error) => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {error}.", TryAgain);

    /// <summary>A web page, or nothing, where values were asked for.</summary>
    public Failure NoJson(bool isEmpty) => WebPage(isEmpty ? "answers with nothing" : "answers with a web page instead of values");

    /// <summary>A document without indices.</summary>
    public Failure NoIndices() => new(
        FailureCause.OtherProtocol, "What answers here sends JSON, but nothing that a Husdata gateway sends.", $"{OpenIt} {model.Guide.SwitchOn}");

    /// <summary>The gateway is there, its API is not.</summary>
    public Failure ApiOff() => new(
        FailureCause.AccessDenied, $"A Husdata gateway answers at {_endpoint.Host}, but its API is switched off.", model.Guide.SwitchOn);

    /// <summary>The gateway has nothing of the heat pump.</summary>
    public static Failure NoData(bool isStarting) => isStarting
        ? new Failure(FailureCause.NoData, "The gateway has only zeros yet: it has been restarted and has not read the heat pump.", "It takes about half a minute. If it stays, check the cable between gateway and heat pump.")
        : new Failure(FailureCause.NoData, "The gateway answers, but has no value of the heat pump.", "Check that the heat pump is switched on, and the cable between it and the gateway.");

    /// <summary>The gateway says that it is connected to another controller.</summary>
    public Failure OtherController(string type)
    {
        var name = model.Controllers.GetValueOrDefault(type);
        return new Failure(
            FailureCause.OtherModel,
            name is null
                ? $"The gateway is connected to a controller of type {type}, not to the one of {model.Name} (type {model.InterfaceType})."
                : $"The gateway is connected to another controller: {name} (type {type}), not {model.Name} (type {model.InterfaceType}).",
            name is null || model.Controllers.Count == 0 ? "Choose the model that belongs to the heat pump's controller." : $"Choose {name}.");
    }

    /// <summary>The gateway takes no writes.</summary>
    public static Failure ReadOnly(string said) => Refused(
        $"The gateway takes no values ({said}).", "On its own web page set API_ENABLED to 2, which lets programs write, and restart the gateway.");

    /// <summary>The gateway did not hand the value on.</summary>
    public static Failure NotTaken(string word) => word.Length == 0
        ? ReadOnly("it did not say Ok")
        : Refused($"The gateway did not hand the value on; it says \"{word}\".", "If it never takes a value, set API_ENABLED to 2 on its own web page and restart it.");

    /// <summary>A write that must not go out.</summary>
    public static Failure Refused(string message, string? hint = null) => new(FailureCause.Refused, message, hint);

    private Failure WebPage(string what) => new(
        FailureCause.OtherProtocol, string.Create(CultureInfo.InvariantCulture, $"The web server at {_endpoint.Host}, port {_endpoint.Port}, {what}."), $"{OpenIt} If it does, its API is off. {model.Guide.SwitchOn}");
}
