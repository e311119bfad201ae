namespace HPManager.Drivers.Mqtt;

/// <summary>What kept something from succeeding. Everything up to <see cref="NotAuthorised"/> leaves the connection closed.</summary>
internal enum MqttFault
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

    /// <summary>The broker's certificate is not trusted.</summary>
    CertificateNotTrusted,

    /// <summary>No encrypted connection came about for another reason than trust.</summary>
    TlsFailed,

    /// <summary>The connection ended.</summary>
    ConnectionLost,

    /// <summary>No answer within the answer timeout.</summary>
    NoAnswer,

    /// <summary>The broker takes no bytes in.</summary>
    NotTakenIn,

    /// <summary>Something answers, but not in MQTT.</summary>
    NotMqtt,

    /// <summary>A packet that breaks the rules of its form.</summary>
    Malformed,

    /// <summary>A packet of proper form that may not come from a broker, or not now.</summary>
    WrongPacket,

    /// <summary>A packet above the limit.</summary>
    TooLarge,

    /// <summary>Messages at QoS 1 come in faster than a subscriber takes them, and the broker does not wait for it.</summary>
    SubscriberTooSlow,

    /// <summary>1: the broker does not speak MQTT 3.1.1.</summary>
    VersionRefused,

    /// <summary>2: the broker does not allow the client id.</summary>
    IdentifierRejected,

    /// <summary>3: MQTT is not available on the broker now.</summary>
    ServerUnavailable,

    /// <summary>4: the user name or password is wrong.</summary>
    BadCredentials,

    /// <summary>5: the client is not allowed to connect.</summary>
    NotAuthorised,

    /// <summary>The broker refused a subscription.</summary>
    SubscriptionRefused,

    /// <summary>There is no connection now.</summary>
    NotConnected,

    /// <summary>Too much waits to be sent already.</summary>
    QueueFull,

    /// <summary>The client was ended by this program.</summary>
    Closed,
}

/// <summary>How something ended. <c>default</c> is success. Immutable.</summary>
/// <param name="Fault">Why it failed, or <see cref="MqttFault.None"/>.</param>
/// <param name="Detail">What happened, in English for logs and support; null on success.</param>
internal readonly record struct MqttResult(MqttFault Fault, string? Detail)
{
    public bool IsSuccess => Fault == MqttFault.None;
}
