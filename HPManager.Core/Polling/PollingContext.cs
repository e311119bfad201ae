using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Polling;

/// <summary>What every endpoint's loop works with.</summary>
/// <param name="Time">Clock.</param>
/// <param name="Live">Where states go.</param>
/// <param name="Observers">Where snapshots go.</param>
/// <param name="Memory">What drivers found out earlier.</param>
/// <param name="Metrics">What the poller measures of itself.</param>
/// <param name="Stagger">Spreads the endpoints.</param>
/// <param name="Chance">Randomness of the back-off, from 0 to 1.</param>
/// <param name="Logger">Log.</param>
internal sealed record PollingContext(
    TimeProvider Time,
    LiveValues Live,
    IReadOnlyList<ISnapshotObserver> Observers,
    IDeviceMemory Memory,
    PollingMetrics Metrics,
    Stagger Stagger,
    Func<double> Chance,
    ILogger Logger);

/// <summary>Keeps nothing: what a mere trial finds out is not remembered.</summary>
internal sealed class ForgetfulMemory : IDeviceMemory
{
    public static ForgetfulMemory Instance { get; } = new();

    public string? Recall(HeatPumpId heatPump, string topic) => null;

    public void Keep(HeatPumpId heatPump, string topic, string content)
    {
        // By design.
    }
}
