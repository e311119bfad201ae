using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History;

/// <summary>Keeps snapshots for years and answers ranges of them. Thread-safe.</summary>
public interface ITimeSeriesStore
{
    /// <summary>
    /// Keeps snapshots; durable when it returns. Readings without a value are kept as gaps. The same heat pump and timestamp
    /// twice: the later one holds. Values come back bit for bit, but for negative zero, which may come back as zero. Moments are kept to the millisecond.
    /// </summary>
    /// <exception cref="IOException">The store cannot take them now (disk full, file damaged); the caller may try again.</exception>
    ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken);

    /// <summary>A range, thinned to the points asked for so that no minimum and no maximum vanishes.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Deletes everything of a heat pump.</summary>
    ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken);
}

/// <summary>A question to the history.</summary>
/// <param name="HeatPumpId">Whose history.</param>
/// <param name="Sensors">Which sensors, in the order of the answer's columns; 1 to <see cref="MaxSensors"/>. Unknown ones are columns of gaps.</param>
/// <param name="From">First moment, inclusive.</param>
/// <param name="To">Last moment, exclusive; later than <paramref name="From"/>.</param>
/// <param name="Points">At most so many rows; 2 to <see cref="MaxPoints"/>.</param>
public sealed record HistoryQuery(HeatPumpId HeatPumpId, IReadOnlyList<SensorKey> Sensors, DateTimeOffset From, DateTimeOffset To, int Points)
{
    /// <summary>Most sensors in one question.</summary>
    public const int MaxSensors = 64;

    /// <summary>Most rows in one answer.</summary>
    public const int MaxPoints = 20_000;
}

/// <summary>
/// Columns over common, strictly ascending times within the range. With few enough polls there is a row for each, and one without any value where polls were
/// left out: where two are further apart than three times the distance of their neighbours. When that makes more rows than the points asked
/// for, the range is cut into equal buckets instead, and each bucket has two rows: for every sensor its minimum and its maximum in the order in which they
/// occurred, or twice null when it has no value there. Only good values take part.
/// </summary>
/// <param name="Times">Rows, UTC.</param>
/// <param name="Columns">One a sensor, in the order asked; each as long as <paramref name="Times"/>; null is a gap.</param>
/// <param name="BucketWidth">Width of a bucket; zero when nothing was thinned.</param>
public sealed record HistoryTable(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<double?[]> Columns, TimeSpan BucketWidth);
