using System.Net;
using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Text;

namespace HPManager.Core.Discovery;

/// <summary>How sure it is what a device is.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<Certainty>))]
public enum Certainty
{
    /// <summary>It speaks the protocol; nothing says what it is.</summary>
    Unknown,

    /// <summary>It answers where this model would, with values that can be true.</summary>
    Likely,

    /// <summary>It says itself what it is.</summary>
    Certain,
}

/// <summary>A device that was found.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Title">What it is, for a person: <c>Stiebel Eltron WPM 3i</c>.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Manufacturer">Key of the make; null when it is not known.</param>
/// <param name="Model">Key of the model; null when it is not known, or when several models of the make answer alike.</param>
/// <param name="Connection">How to reach it; null when the make is not known.</param>
/// <param name="Configured">The heat pump that is configured at this address already; null for none.</param>
public sealed record Sighting(
    string Address, int Port, string Title, Certainty Certainty, string Reason, string? Manufacturer = null, string? Model = null,
    ConnectionConfig? Connection = null, HeatPumpId? Configured = null);

/// <summary>Recognises devices of one protocol by asking single addresses. Only reads. Thread-safe.</summary>
public interface INetworkProbe
{
    /// <summary>TCP ports that such devices listen on.</summary>
    IReadOnlyList<int> Ports { get; }

    /// <summary>Asks what listens at an address; null when it is nothing of this protocol. Never throws for what a device does.</summary>
    Task<Sighting?> AskAsync(IPAddress address, int port, CancellationToken cancellationToken);
}

/// <summary>Recognises devices of one protocol by calling into a network once. Thread-safe.</summary>
public interface INetworkCall
{
    /// <summary>Calls, and gives the addresses and ports that answered; what they are a probe then asks.</summary>
    Task<IReadOnlyList<IPEndPoint>> CallAsync(AddressRange range, CancellationToken cancellationToken);
}
