using HPManager.Core.HeatPumps;

namespace HPManager.Core.Discovery;

/// <summary>A device that was recognised by a message.</summary>
/// <param name="Title">What it is, for a person.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Manufacturer">Key of the make; null when it is not known.</param>
/// <param name="Model">Key of the model; null when it is not known, or when several models of the make speak alike.</param>
/// <param name="Kind">Kind of the connection that leads to it.</param>
/// <param name="Own">What its connection says beside the broker, such as its id.</param>
public sealed record TopicSighting(
    string Title, Certainty Certainty, string Reason, string? Manufacturer, string? Model, string Kind, Settings Own);

/// <summary>Recognises devices of one kind by what they publish to an MQTT broker. Thread-safe.</summary>
public interface ITopicProbe
{
    /// <summary>Topics to listen to, with <c>+</c> and <c>#</c>.</summary>
    IReadOnlyList<string> Filters { get; }

    /// <summary>The broker as connections of this kind name it; the same by default.</summary>
    /// <param name="broker">The broker as <see cref="IBrokerListener.Parameters"/> name it.</param>
    Settings Place(Settings broker) => broker;

    /// <summary>Whom a message is from; null when it is nobody of this kind. Never throws for what a message holds. Equal for the same device.</summary>
    TopicSighting? Recognise(string topic, ReadOnlySpan<byte> payload);
}
