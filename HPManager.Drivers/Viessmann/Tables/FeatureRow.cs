using HPManager.Core.Sensors;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>How a property becomes a reading.</summary>
internal enum FeatureType
{
    /// <summary>A number with a unit.</summary>
    Number,

    /// <summary>A number that only grows.</summary>
    Counter,

    /// <summary>true or false.</summary>
    Switch,

    /// <summary>The word on or off.</summary>
    OnOff,

    /// <summary>A word out of a list that the installation may extend.</summary>
    Code,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A list of texts.</summary>
    List,

    /// <summary>The first number of a list that begins with the newest.</summary>
    NewestOf,

    /// <summary>A week's times.</summary>
    Schedule,

    /// <summary>A list of messages with codes.</summary>
    Messages,

    /// <summary>Whether such a list holds any.</summary>
    FaultActive,

    /// <summary>The number of such a list's newest message.</summary>
    FaultCode,
}

/// <summary>A word of the cloud.</summary>
/// <param name="Code">Our number for it.</param>
/// <param name="Api">As the cloud writes it.</param>
/// <param name="Word">As a person reads it.</param>
internal sealed record FeatureWord(int Code, string Api, string Word);

/// <summary>How a sensor is written.</summary>
/// <param name="Command">The feature's command.</param>
/// <param name="OffCommand">The command that takes it back, of a switch; null for none.</param>
/// <param name="Parameter">What carries the value; null when the command carries none.</param>
/// <param name="With">Another property that must be sent along as it is; null for none.</param>
internal sealed record FeatureCommand(string Command, string? OffCommand, string? Parameter, string? With);

/// <summary>A line of the table: one property of one feature, perhaps once per circuit or compressor. Immutable.</summary>
internal sealed record FeatureRow
{
    /// <summary>Key; with <c>_n</c> at its end where the line stands for several.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the feature, with <c>{n}</c> where the line stands for several.</summary>
    public required string Feature { get; init; }

    /// <summary>An older name, which is used where the newer one is not there; null for none.</summary>
    public string? Fallback { get; init; }

    public required string Property { get; init; }

    public required FeatureType Type { get; init; }

    /// <summary>Units that the number may be said to be in, and is; empty for none.</summary>
    public IReadOnlyList<string> ApiUnits { get; init; } = [];

    public Unit Unit { get; init; }

    public required SensorCategory Category { get; init; }

    public required string Label { get; init; }

    public Signal? Signal { get; init; }

    public IReadOnlyList<FeatureWord> Words { get; init; } = [];

    /// <summary>A number that stands for no value, and what it means; null for none.</summary>
    public (double Value, string Reason)? Missing { get; init; }

    public FeatureCommand? Write { get; init; }

    public WriteClass WriteClass { get; init; }

    /// <summary>What may be written where nothing newer is known.</summary>
    public ValueRange Range { get; init; }

    /// <summary>When a value that has not been renewed is not believed any more; null for one that may rest as long as it likes.</summary>
    public TimeSpan? StaleAfter { get; init; }

    public string? Notes { get; init; }

    public string? Source { get; init; }

    /// <summary>Whether the line stands for several circuits, compressors or the like.</summary>
    public bool IsMany => Feature.Contains(FeatureTable.Placeholder, StringComparison.Ordinal);

    /// <summary>Whether it stands for heating circuits.</summary>
    public bool IsPerCircuit => Feature.StartsWith(FeatureTable.CircuitPrefix, StringComparison.Ordinal);
}
