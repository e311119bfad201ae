namespace HPManager.Drivers.Mqtt;

/// <summary>A message that came from the broker. Immutable; the payload is the receiver's own copy.</summary>
/// <param name="Topic">Without wildcards.</param>
/// <param name="Payload">Any bytes, possibly none.</param>
/// <param name="Qos">The lower of what it was published with and what was subscribed.</param>
/// <param name="Retain">The broker had kept it from before the subscription: it may be old.</param>
/// <param name="Duplicate">The broker says that it sends it again; one that this client has already handed over is left out.</param>
/// <param name="ReceivedAt">When its bytes were read.</param>
public readonly record struct MqttMessage(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain, bool Duplicate, DateTimeOffset ReceivedAt);
