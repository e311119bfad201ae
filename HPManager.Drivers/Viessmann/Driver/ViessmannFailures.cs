using System.Globalization;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>Turns what went wrong at the cloud into what a person can act on.</summary>
/// <param name="http">Where the cloud is.</param>
/// <param name="budget">What the account has spent.</param>
internal sealed class ViessmannFailures(CloudHttp http, CallBudget budget)
{
    private const string CheckInternet = "Check that this machine reaches the internet.";
    private const string Wait = "Nothing has to be done; HPManager goes on asking within its budget.";
    private const string AgainInSettings = "Sign in again in the heat pump's settings; nothing else has to be entered anew.";

    /// <summary>What the browser brought back belongs to no sign-in of ours.</summary>
    public static Failure UnknownSignIn { get; } = new(
        FailureCause.AccessDenied, "This sign-in was not begun here, was used already, or took more than 15 minutes.", "Begin it again from the setup.");

    /// <summary>The exchange gave no token.</summary>
    public static Failure WithoutToken { get; } = new(FailureCause.BadAnswer, "Viessmann agreed, but its answer holds no token.", "Sign in again.");

    /// <summary>Without it the sign-in would end after an hour.</summary>
    public static Failure WithoutRefresh { get; } = new(
        FailureCause.AccessDenied, "Viessmann agreed, but gave nothing to renew the sign-in with.", "Sign in again, and allow all that the page asks for.");

    /// <summary>The cloud's page sent the browser back with an error.</summary>
    public static Failure SignInRefused(string said) => new(
        FailureCause.AccessDenied,
        said.Length == 0 ? "Viessmann did not allow the sign-in." : $"Viessmann did not allow the sign-in: {Sentence(said)}",
        said.Contains("not registered", StringComparison.OrdinalIgnoreCase)
            ? "Check the client id. A client that was just made takes up to an hour until it works."
            : "Check the client id, and that the redirect address at Viessmann is exactly the one shown in the setup.");

    /// <summary>The code could not be exchanged.</summary>
    public static Failure OfExchange(CloudResult result) => result.Fault switch
    {
        CloudFault.Other or CloudFault.TokenExpired or CloudFault.AccessDenied or CloudFault.Invalid => new(
            FailureCause.AccessDenied,
            $"Viessmann did not exchange the code of the sign-in: {Sentence(result.Detail)}",
            "A code is good for about 20 s: sign in again. Check also that the redirect address at Viessmann is exactly the one shown in the setup."),
        CloudFault.NotTrusted => new(
            FailureCause.NotTrusted, $"The connection to Viessmann's sign-in is not secure: {result.Detail}. Nothing was sent.", "Check this machine's clock and certificates, and who stands between it and the internet."),
        CloudFault.NameNotFound or CloudFault.Unreachable or CloudFault.Timeout or CloudFault.ConnectionLost => new(
            FailureCause.HostUnreachable, $"Viessmann's sign-in was not reached: {result.Detail}.", $"{CheckInternet} Then sign in again."),
        _ => new(FailureCause.ServiceDown, $"Viessmann's sign-in has trouble of its own: {result.Detail}.", "Sign in again in a few minutes."),
    };

    /// <summary>The failure of a read.</summary>
    public Failure Of(CloudResult result) => result.Fault switch
    {
        CloudFault.NameNotFound => new(FailureCause.NameNotFound, $"The name {http.ApiHost} of Viessmann's cloud has no address.", CheckInternet),
        CloudFault.Unreachable => new(FailureCause.HostUnreachable, $"Viessmann's cloud cannot be reached: {result.Detail}.", CheckInternet),
        CloudFault.Timeout => new(FailureCause.NoAnswer, $"Viessmann's cloud gives no answer: {result.Detail}.", Wait),
        CloudFault.ConnectionLost => new(FailureCause.ConnectionLost, $"Viessmann's cloud is not to be understood: {result.Detail}.", Wait),
        CloudFault.NotTrusted => new(
            FailureCause.NotTrusted, $"The connection to Viessmann's cloud is not secure: {result.Detail}. Nothing was sent.", "Check this machine's clock and certificates, and who stands between it and the internet."),
        CloudFault.Redirected => new(
            FailureCause.BadAnswer, $"{Capital(result.Detail)}; HPManager does not take the sign-in there.", "Viessmann may have moved its cloud: look for a newer HPManager, or set Viessmann:ApiBase."),
        CloudFault.TooLarge => new(FailureCause.BadAnswer, $"The answer cannot be trusted: {result.Detail}.", Wait),
        CloudFault.NotJson => new(FailureCause.OtherProtocol, $"{Capital(result.Detail)}.", "Something stands between this machine and Viessmann's cloud, such as the sign-in page of a guest network, or Viessmann:ApiBase is wrong."),
        CloudFault.BadJson => new(FailureCause.BadAnswer, $"The answer of Viessmann's cloud cannot be read: {result.Detail}.", Wait),
        CloudFault.ServiceDown => new(FailureCause.ServiceDown, $"Viessmann's cloud is down: {result.Detail}.", $"It is not about your heat pump, which goes on by itself. {Wait}"),
        CloudFault.Upstream => new(FailureCause.ServiceDown, $"Viessmann's cloud does not get through to the heat pump: {result.Detail}.", Wait),
        CloudFault.SignedOut or CloudFault.TokenExpired => new(FailureCause.SignedOut, "The sign-in at Viessmann has ended.", AgainInSettings),
        CloudFault.AccessDenied => new(FailureCause.AccessDenied, $"Viessmann's cloud refuses: {result.Detail}.", $"The account may not see this heat pump any more. {AgainInSettings}"),
        CloudFault.GatewayOffline => new(FailureCause.DeviceOffline, "The gateway of the heat pump is offline at Viessmann.", "Check the gateway's power and its way into the internet (the house's WLAN or router)."),
        CloudFault.DeviceOffline => new(FailureCause.DeviceOffline, "The heat pump does not answer its gateway.", "Check that the heat pump is switched on, and the connection between it and the gateway."),
        CloudFault.NotOffered => new(FailureCause.Refused, $"The cloud does not have this now: {result.Detail}.", "If it stays, choose the heat pump again in its settings."),
        CloudFault.LimitReached => Limit(result),
        CloudFault.NotPaid => new(
            FailureCause.AccessDenied,
            result.Detail.Length == 0 ? "The account's plan at Viessmann does not include this." : $"The account's plan at Viessmann does not include this: {Sentence(result.Detail)}",
            "Look at the plan of your client in Viessmann's developer portal."),
        _ => new(FailureCause.Refused, $"Viessmann's cloud refuses: {result.Detail}.", null),
    };

    /// <summary>As <see cref="Of"/>, for a command: says whether it may have been carried out.</summary>
    public Failure OfWrite(CloudResult result)
    {
        if (result.Fault is CloudFault.Invalid) return new Failure(FailureCause.Refused, $"Viessmann's cloud does not take the value: {result.Detail}.", "What is allowed moves with other settings; look at the newest limits.");
        var failure = Of(result);
        var isUnknown = result.Fault is CloudFault.Timeout or CloudFault.ConnectionLost or CloudFault.ServiceDown or CloudFault.Upstream or CloudFault.BadJson or CloudFault.TooLarge or CloudFault.NotJson;
        var consequence = isUnknown && !result.IsBeforeSending ? "It is not known whether the heat pump takes the value." : "Nothing was changed.";
        return failure with { Message = $"{failure.Message} {consequence}" };
    }

    /// <summary>The gateway answers, but has no such device.</summary>
    public static Failure WithoutDevice(ViessmannPlace place, IEnumerable<string> others) => new(
        FailureCause.WrongUnit,
        $"The gateway has no device {place.Device}; it has: {string.Join(", ", others.Where(id => id.Length > 0).Order(StringComparer.Ordinal).Take(10).DefaultIfEmpty("none"))}.",
        "Choose the heat pump again in its settings.");

    /// <summary>The gateway lists the device as one that it does not reach.</summary>
    public Failure DeviceOffline() => Of(CloudResult.Failed(CloudFault.DeviceOffline, ""));

    private Failure Limit(CloudResult result)
    {
        var until = result.Until is { } moment ? string.Create(CultureInfo.InvariantCulture, $"until {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "for now";
        var name = result.Limit is { Name.Length: > 0 } limit ? $" ({limit.Name})" : "";
        var why = budget.Others ?? string.Create(CultureInfo.InvariantCulture, $"HPManager made {budget.Today} of {budget.PerDay} calls today.");
        return new Failure(FailureCause.LimitReached, $"Viessmann's cloud allows no more calls {until}{name}.", $"{why} HPManager asks nothing until then and goes on by itself.");
    }

    private static string Sentence(string text) => text.TrimEnd().EndsWith('.') ? text.TrimEnd() : $"{text.TrimEnd()}.";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
