using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Mqtt;

/// <summary>Turns what went wrong into what a person can act on.</summary>
internal static class MqttFailures
{
    private const string CheckAddress = "Check the address, and that the broker is switched on and in the same network.";
    private const string OpensAnew = "The connection is opened anew. If it stays, look at the broker's log.";

    public static Failure Of(MqttEndpoint endpoint, MqttResult result) => result.Fault switch
    {
        MqttFault.NameNotFound => new(
            FailureCause.NameNotFound, $"The host name {endpoint.Host} has no address.", "Check the spelling, or use the broker's IP address."),
        MqttFault.HostUnreachable => new(FailureCause.HostUnreachable, $"There is no way to the broker {endpoint.Host}.", CheckAddress),
        MqttFault.ConnectTimeout => new(FailureCause.HostUnreachable, $"No broker answers at {endpoint.Host} port {endpoint.Port}.", CheckAddress),
        MqttFault.ConnectionRefused => new(
            FailureCause.PortClosed,
            $"Port {endpoint.Port} of {endpoint.Host} is closed.",
            $"Check that the broker runs and listens to the network; the usual port is {MqttEndpoint.UsualPort}, with TLS {MqttEndpoint.UsualTlsPort}."),
        MqttFault.CertificateNotTrusted => new(
            FailureCause.Misconfigured,
            $"The broker's certificate is not trusted: {result.Detail}.",
            "If this is your broker, trust this fingerprint; otherwise somebody else answers at its address."),
        MqttFault.TlsFailed => new(
            FailureCause.OtherProtocol,
            $"No encrypted connection to {endpoint.Host} port {endpoint.Port}: {result.Detail}.",
            $"Check that the broker offers TLS on this port; the usual one is {MqttEndpoint.UsualTlsPort}."),
        MqttFault.NotMqtt => new(
            FailureCause.OtherProtocol,
            $"Something answers at port {endpoint.Port}, but not in MQTT: {result.Detail}.",
            $"Check address, port and TLS; the usual port is {MqttEndpoint.UsualPort}, with TLS {MqttEndpoint.UsualTlsPort}."),
        MqttFault.ConnectionLost => new(
            FailureCause.ConnectionLost,
            $"The connection to the broker {endpoint.Host} ended: {result.Detail}.",
            "If it happens again and again, another program may use the same client id."),
        MqttFault.NoAnswer => new(FailureCause.NoAnswer, $"The broker {endpoint.Host} does not answer: {result.Detail}.", OpensAnew),
        MqttFault.NotTakenIn => new(FailureCause.NoAnswer, $"The broker {endpoint.Host} takes nothing in: {result.Detail}.", OpensAnew),
        MqttFault.VersionRefused => new(FailureCause.OtherProtocol, "The broker does not speak MQTT 3.1.1.", "Allow this version of the protocol on the broker."),
        MqttFault.IdentifierRejected => new(FailureCause.Misconfigured, "The broker does not allow the client id.", "Choose another client id."),
        MqttFault.ServerUnavailable => new(FailureCause.Busy, "The broker says that it is not available now.", "It is tried again; look at the broker's log."),
        MqttFault.BadCredentials => new(FailureCause.Refused, "The broker does not know the user name or the password.", "Check user name and password."),
        MqttFault.NotAuthorised => new(
            FailureCause.Refused, "The broker does not let this client in.", "Check user name and password, and what the broker allows this user."),
        MqttFault.SubscriptionRefused => new(
            FailureCause.Refused, $"The broker refused the subscription to {result.Detail}.", "Check what the broker allows this user to read."),
        MqttFault.NotConnected => new(FailureCause.HostUnreachable, $"There is no connection to the broker {endpoint.Host} now. Nothing was sent."),
        MqttFault.QueueFull => new(FailureCause.Busy, $"Too much waits to be sent to the broker {endpoint.Host}. Nothing was sent.", CheckAddress),
        MqttFault.SubscriberTooSlow => new(FailureCause.Busy, $"The broker sends faster than its messages are taken: {result.Detail}.", OpensAnew),
        MqttFault.Closed => new(FailureCause.ConnectionLost, "The connection was ended by HPManager."),
        _ => new(FailureCause.BadAnswer, $"What the broker {endpoint.Host} sends cannot be trusted: {result.Detail}.", OpensAnew),
    };
}
