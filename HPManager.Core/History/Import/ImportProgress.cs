using System.Text.Json.Serialization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.History.Import;

/// <summary>Where an import is.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ImportStatus>))]
public enum ImportStatus
{
    /// <summary>None was asked for yet.</summary>
    None,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Under way, but the history cannot be written now: it goes on by itself.</summary>
    Waiting,

    /// <summary>Ended by the owner; can go on.</summary>
    Cancelled,

    /// <summary>The program ended meanwhile; can go on.</summary>
    Interrupted,

    /// <summary>The source could not be read any further; can go on.</summary>
    Failed,

    /// <summary>Everything was read.</summary>
    Finished,
}

/// <summary>The newest import as it stands. Immutable.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="Plan">What is imported, without secrets; null when there is none.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Fault">Why it waits or failed, for the owner; null when all is well.</param>
public sealed record ImportState(ImportStatus Status, ImportPlan? Plan, ImportProgress Progress, string? Fault)
{
    /// <summary>Whether it works now.</summary>
    [JsonIgnore]
    public bool IsUnderWay => Status is ImportStatus.Running or ImportStatus.Waiting;

    /// <summary>Whether it can go on where it ended.</summary>
    [JsonIgnore]
    public bool CanResume => Status is ImportStatus.Cancelled or ImportStatus.Interrupted or ImportStatus.Failed;
}

/// <summary>How far an import is, and what became of what it read. Immutable.</summary>
public sealed record ImportProgress
{
    /// <summary>Nothing yet.</summary>
    public static ImportProgress Empty { get; } = new();

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, UTC; null while it has not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Rows of the source that were read.</summary>
    public long Rows { get; init; }

    /// <summary>Values that were kept.</summary>
    public long Kept { get; init; }

    /// <summary>Polls that they were kept in.</summary>
    public long Polls { get; init; }

    /// <summary>Time of the source that was reached, UTC.</summary>
    public DateTimeOffset? Reached { get; init; }

    /// <summary>How much of the source was read, 0 to 1; null when that is not known.</summary>
    public double? Fraction { get; init; }

    /// <summary>Rows that could not be understood.</summary>
    public long BadRows { get; init; }

    /// <summary>The first of them, each in a sentence.</summary>
    public IReadOnlyList<string> BadRowsNamed { get; init; } = [];

    /// <summary>What became of each series.</summary>
    public IReadOnlyList<SeriesOutcome> Series { get; init; } = [];

    /// <summary>Where the source goes on.</summary>
    public string? Place { get; init; }
}

/// <summary>What became of a series. Immutable.</summary>
/// <param name="Name">The series.</param>
/// <param name="Sensor">The sensor that it became.</param>
public sealed record SeriesOutcome(string Name, SensorKey Sensor)
{
    /// <summary>Most reasons that are told apart.</summary>
    public const int MostReasons = 10;

    /// <summary>Readings that were kept, also those without a value.</summary>
    public long Kept { get; init; }

    /// <summary>Readings that were here already.</summary>
    public long Here { get; init; }

    /// <summary>Of those kept: without a value.</summary>
    public long Missing { get; init; }

    /// <summary>Of those kept: means of a period.</summary>
    public long Statistics { get; init; }

    /// <summary>Values that cannot be the sensor's.</summary>
    public long Refused { get; init; }

    /// <summary>Why, and how often each.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();

    /// <summary>Moment of the first reading kept, UTC.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>Moment of the last, UTC.</summary>
    public DateTimeOffset? Last { get; init; }
}
