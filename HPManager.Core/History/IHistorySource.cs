using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History;

/// <summary>Where charts, pages and REST read history from: the embedded store, or an engine that holds the same. Thread-safe.</summary>
public interface IHistorySource
{
    /// <summary>A range, as it is or thinned to the points asked for so that no minimum and no maximum vanishes.</summary>
    /// <exception cref="IOException">The source cannot be read now.</exception>
    ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken);
}

/// <summary>A question to the history.</summary>
/// <param name="HeatPumpId">Whose history.</param>
/// <param name="Sensors">Which sensors, in the order of the answer's columns; 1 to <see cref="MaxSensors"/>. Unknown ones are columns of gaps.</param>
/// <param name="From">First moment, inclusive.</param>
/// <param name="To">Last moment, exclusive; later than <paramref name="From"/>.</param>
/// <param name="Points">At most so many rows; <see cref="MinPoints"/> to <see cref="MaxPoints"/>.</param>
public sealed record HistoryQuery(HeatPumpId HeatPumpId, IReadOnlyList<SensorKey> Sensors, DateTimeOffset From, DateTimeOffset To, int Points)
{
    /// <summary>Most sensors in one question.</summary>
    public const int MaxSensors = 64;

    /// <summary>Fewest rows that can be asked for: any range touches two buckets at least.</summary>
    public const int MinPoints = 2;

    /// <summary>Most rows in one answer.</summary>
    public const int MaxPoints = 20_000;
}

/// <summary>
/// Columns over common, strictly ascending times. With few enough polls there is a row for each poll, and one without any value where polls were
/// left out: where two are further apart than three times the distance of their neighbours. When that makes more rows than the points asked for, the range is
/// cut into the equal buckets of <see cref="HistoryBuckets"/> instead, a row each. Only good values take part.
/// </summary>
/// <param name="Times">Rows, UTC: moments of polls, or the buckets' first moments. The first bucket may begin before the range.</param>
/// <param name="Columns">One a sensor, in the order asked; each as long as <paramref name="Times"/>.</param>
/// <param name="BucketWidth">Width of a bucket; zero when nothing was thinned.</param>
public sealed record HistoryTable(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<HistoryColumn> Columns, TimeSpan BucketWidth)
{
    /// <summary>Key of the engine that gave it; null for the embedded store.</summary>
    public string? ReadFrom { get; init; }
}

/// <summary>
/// A sensor over the rows of a table; null is a gap. Of a row that is a poll, minimum, mean, maximum and last are its value, and may be one and the same array.
/// </summary>
/// <param name="Min">Smallest value of each row.</param>
/// <param name="Mean">Arithmetic mean of each row's values, in floating point: the last digits may differ between stores.</param>
/// <param name="Max">Largest value of each row.</param>
/// <param name="Last">Latest value of each row: what a code or a switch is shown as.</param>
/// <param name="Count">How many values each row stands for; 0 where it is a gap.</param>
public sealed record HistoryColumn(double?[] Min, double?[] Mean, double?[] Max, double?[] Last, int[] Count)
{
    /// <summary>A column of polls.</summary>
    public static HistoryColumn OfPolls(double?[] values) =>
        new(values, values, values, values, Array.ConvertAll(values, static value => value is null ? 0 : 1));

    /// <summary>A column of gaps.</summary>
    public static HistoryColumn OfGaps(int rows) => OfPolls(new double?[rows]);
}
