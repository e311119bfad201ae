using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History;

/// <summary>Keeps snapshots for years and answers ranges of them. Thread-safe.</summary>
public interface ITimeSeriesStore : IHistorySource
{
    /// <summary>
    /// Keeps snapshots; durable when it returns. They may be of any time and in any order. Readings without a value are kept with their quality. The same
    /// heat pump, sensor and moment twice: the later one holds; sensors that the later snapshot does not have keep what they had. Values come back bit for bit.
    /// Moments are kept to the millisecond.
    /// </summary>
    /// <exception cref="IOException">The store cannot take them now (disk full, file damaged); the caller may try again.</exception>
    ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken);

    /// <summary>
    /// Every reading of a range in ascending time, in blocks of at most <see cref="HistoryBlock.MostPolls"/> polls; what is not asked for is not kept in memory.
    /// Polls that arrive meanwhile may or may not be among them.
    /// </summary>
    /// <param name="heatPump">Whose.</param>
    /// <param name="sensors">Which, in the order of the blocks' series; null for all that there are in the range.</param>
    /// <param name="from">First moment, inclusive.</param>
    /// <param name="to">Last moment, exclusive.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    IAsyncEnumerable<HistoryBlock> ReadAsync(
        HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The sensors of a heat pump that have a reading with a value or a text in a range, in no particular order; found without reading all readings.</summary>
    /// <param name="heatPump">Whose.</param>
    /// <param name="from">First moment, inclusive.</param>
    /// <param name="to">Last moment, exclusive.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>From when to when there are readings of a heat pump; null when there are none.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken);

    /// <summary>Deletes everything of a heat pump.</summary>
    ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken);
}

/// <summary>What there is of a heat pump.</summary>
/// <param name="First">Its earliest poll, UTC.</param>
/// <param name="Last">Its latest poll, UTC.</param>
/// <param name="Polls">How many polls there are at full resolution.</param>
public sealed record HistoryExtent(DateTimeOffset First, DateTimeOffset Last, long Polls);
