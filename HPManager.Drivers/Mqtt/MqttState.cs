using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Mqtt;

/// <summary>How a client stands with its broker at one moment. Immutable.</summary>
/// <param name="IsConnected">The broker has let the client in and has answered every subscription.</param>
/// <param name="ConnectedSince">Since when; null when it is not connected.</param>
/// <param name="Generation">How many times it has become connected. A step is a gap in which messages may have been missed.</param>
/// <param name="IsSessionKept">Whether the broker went on with an earlier session, so that messages at QoS 1 were not missed in the gap.</param>
/// <param name="Failure">Why the last attempt failed or the last connection ended; null when connected, or before the first attempt is over.</param>
/// <param name="FailedAt">When that was.</param>
/// <param name="FailedAttempts">Attempts that have failed since it was last connected.</param>
public sealed record MqttState(
    bool IsConnected,
    DateTimeOffset? ConnectedSince,
    int Generation,
    bool IsSessionKept,
    Failure? Failure,
    DateTimeOffset? FailedAt,
    int FailedAttempts)
{
    internal static MqttState Initial { get; } = new(IsConnected: false, null, 0, IsSessionKept: false, null, null, 0);
}
