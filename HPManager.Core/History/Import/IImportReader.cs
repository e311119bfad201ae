using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>Reads one source. Used by one caller at a time. What it throws when the source cannot be read is <see cref="ImportException"/>.</summary>
internal interface IImportReader : IAsyncDisposable
{
    /// <summary>Looks what there is.</summary>
    ValueTask<ImportSurvey> SurveyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What some series hold, batch by batch, the same batches each time: whoever has taken a batch goes on behind it by its place, also in another run of the program.
    /// </summary>
    /// <param name="series">Ids of the series wanted; a point names its series by the position in here.</param>
    /// <param name="place">Behind which batch to begin; null for the first.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    IAsyncEnumerable<ImportBatch> ReadAsync(IReadOnlyList<string> series, string? place, CancellationToken cancellationToken);
}

/// <summary>What a source holds.</summary>
/// <param name="Series">Series in the order of the source.</param>
/// <param name="Notes">What the owner should know of it, in sentences.</param>
public sealed record ImportSurvey(IReadOnlyList<FoundSeries> Series, IReadOnlyList<string> Notes)
{
    /// <summary>Most series that a source is asked for; more are left out, and a note says so.</summary>
    public const int MostSeries = 2_000;
}

/// <summary>Something that a source has values of.</summary>
/// <param name="Id">Its name within the source, which never changes.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Unit">Unit as the source writes it; null when it tells none.</param>
/// <param name="Count">How many values there are; null when that is not known.</param>
/// <param name="First">Moment of the first, UTC; null when that is not known.</param>
/// <param name="Last">Moment of the last, UTC; null when that is not known.</param>
/// <param name="Samples">Some values as the source writes them.</param>
public sealed record FoundSeries(
    string Id, string Name, string? Unit, long? Count, DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyList<string> Samples)
{
    /// <summary>Further words by which it may be recognised, such as a name that people gave it.</summary>
    public string? Alias { get; init; }
}

/// <summary>Points that were read.</summary>
/// <param name="Points">In any order.</param>
/// <param name="Place">Where the source goes on behind them.</param>
/// <param name="Rows">Rows of the source that were read for them.</param>
/// <param name="Reached">Time that was reached, UTC; null when it cannot be told.</param>
/// <param name="Fraction">How much of the source is read with them, 0 to 1; null when that is not known.</param>
/// <param name="Bad">Rows that could not be understood, each in a sentence that names it.</param>
/// <param name="BadCount">How many there were; may be more than are told.</param>
internal sealed record ImportBatch(
    IReadOnlyList<ImportPoint> Points, string Place, long Rows, DateTimeOffset? Reached, double? Fraction, IReadOnlyList<string> Bad, long BadCount)
{
    /// <summary>Most points in one batch, as far as the source can be divided.</summary>
    public const int MostPoints = 100_000;

    /// <summary>Most bad rows that are told by name.</summary>
    public const int MostBad = 20;
}

/// <summary>A value at a moment, as the source had it.</summary>
/// <param name="Series">Position of the series among those asked for.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Number">The value as a number; null when it is none.</param>
/// <param name="Text">The value as a text; may be left out for a number.</param>
/// <param name="Quality">As the source judged it; null when it did not.</param>
/// <param name="IsStatistic">Whether it is the mean of a period that ended then.</param>
internal readonly record struct ImportPoint(int Series, long At, double? Number, string? Text, Quality? Quality = null, bool IsStatistic = false);
