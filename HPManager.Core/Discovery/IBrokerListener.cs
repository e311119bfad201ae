using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;

namespace HPManager.Core.Discovery;

/// <summary>Finds devices behind an MQTT broker by listening to it. Only listens. Thread-safe.</summary>
public interface IBrokerListener
{
    /// <summary>What has to be known of the broker.</summary>
    IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>Listens; ends when the time is over.</summary>
    /// <param name="broker">The broker, which passed the checks of <see cref="Parameters"/>.</param>
    /// <param name="time">How long.</param>
    /// <param name="found">Told of each device once, as soon as it is heard, from any thread.</param>
    /// <param name="cancellationToken">Ends it sooner.</param>
    /// <returns>Why it cannot listen; null when it did.</returns>
    Task<Failure?> ListenAsync(Settings broker, TimeSpan time, Action<Sighting> found, CancellationToken cancellationToken);
}
