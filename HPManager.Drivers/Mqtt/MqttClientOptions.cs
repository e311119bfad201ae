namespace HPManager.Drivers.Mqtt;

/// <summary>A message that the broker publishes when the client vanishes without saying goodbye.</summary>
/// <param name="Topic">Without wildcards.</param>
/// <param name="Payload">At most 65,535 bytes.</param>
/// <param name="Qos">Of the message.</param>
/// <param name="Retain">Whether the broker keeps it.</param>
public sealed record MqttWill(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain);

/// <summary>How a client behaves. Read once, when the client is made.</summary>
public sealed record MqttClientOptions
{
    /// <summary>
    /// Name of the client at the broker, 1 to 23 letters and digits to be taken by every broker; null for a name made by chance. A second client with
    /// the same name throws the first one out.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// Whether the broker keeps subscriptions and unacknowledged messages while the client is away; needs a <see cref="ClientId"/>. Without it, what is
    /// published while the client is away is not received.
    /// </summary>
    public bool KeepsSession { get; init; }

    /// <summary>Published by the broker when the connection breaks; null for none.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Longest silence before the broker takes the client for dead, 1 s to 65,535 s in whole seconds. The client asks for a sign of life at three quarters.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit for name resolution, connecting and TLS together; more than zero.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit for each answer of the broker (connect, subscribe, sign of life) and for taking bytes in; more than zero.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after the first failure; it doubles, and is up to half longer by chance. More than zero.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between two attempts, the chance added; at least <see cref="FirstPause"/>.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest packet taken or sent, in bytes, 128 or more; a larger one that comes in closes the connection.</summary>
    public int MaxPacketBytes { get; init; } = 1024 * 1024;

    /// <summary>Most messages sent at QoS 1 and not yet acknowledged, 1..10,000.</summary>
    public int MaxInFlight { get; init; } = 20;

    /// <summary>Most messages at QoS 1 that wait for their turn or for a connection, those in flight not counted; zero or more.</summary>
    public int MaxWaiting { get; init; } = 1000;

    /// <summary>Most bytes of packets that wait to be sent or acknowledged; at least <see cref="MaxPacketBytes"/>.</summary>
    public int MaxWaitingBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>What is wrong with a value, in words that name it; null when all are right.</summary>
    internal string? Problem()
    {
        if (ClientId is { } id && MqttTopic.ProblemOfText(id, "client id") is { } problem) return problem;
        if (KeepsSession && ClientId is null) return "A session that is kept needs a client id.";
        if (Will is { } will)
        {
            if (MqttTopic.ProblemOf(will.Topic) is { } wrong) return $"Will: {wrong}";
            if (will.Payload.Length > ushort.MaxValue) return "Will: the payload must not be longer than 65,535 bytes.";
        }

        if (KeepAlive < TimeSpan.FromSeconds(1) || KeepAlive > TimeSpan.FromSeconds(ushort.MaxValue)) return $"{nameof(KeepAlive)} must be 1 s to 65,535 s.";
        if (ConnectTimeout <= TimeSpan.Zero) return $"{nameof(ConnectTimeout)} must be more than zero.";
        if (AnswerTimeout <= TimeSpan.Zero) return $"{nameof(AnswerTimeout)} must be more than zero.";
        if (FirstPause <= TimeSpan.Zero) return $"{nameof(FirstPause)} must be more than zero.";
        if (LongestPause < FirstPause) return $"{nameof(LongestPause)} must be at least {nameof(FirstPause)}.";
        if (MaxPacketBytes < 128) return $"{nameof(MaxPacketBytes)} must be 128 or more.";
        if (MaxInFlight is < 1 or > 10_000) return $"{nameof(MaxInFlight)} must be 1 to 10,000.";
        if (MaxWaiting < 0) return $"{nameof(MaxWaiting)} must be zero or more.";
        return MaxWaitingBytes < MaxPacketBytes ? $"{nameof(MaxWaitingBytes)} must be at least {nameof(MaxPacketBytes)}." : null;
    }
}
