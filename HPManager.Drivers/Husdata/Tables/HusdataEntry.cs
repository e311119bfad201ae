using HPManager.Core.Sensors;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>How the number at an index is meant.</summary>
internal enum EntryType
{
    /// <summary>A signed 16-bit word: may come negative, or as the unsigned word of it.</summary>
    Int16,

    /// <summary>An unsigned 16-bit word.</summary>
    Uint16,

    /// <summary>A counter, longer than 16 bits.</summary>
    Uint32,

    /// <summary>0 or 1.</summary>
    Bool,

    /// <summary>0, or anything else, which is 1.</summary>
    Any,

    /// <summary>Not at the gateway: the first of several others that has a value.</summary>
    First,

    /// <summary>A number of which nothing is known.</summary>
    Unknown,
}

/// <summary>How well it is known in what form a value has to be written.</summary>
internal enum WriteProof
{
    /// <summary>It is not written.</summary>
    None,

    /// <summary>Never seen: written only when the owner allows it.</summary>
    Unverified,

    /// <summary>Seen with one client.</summary>
    Likely,

    /// <summary>By the maker's own document or source, or by several clients.</summary>
    Verified,
}

/// <summary>A row of the table: a sensor, its index, and how it is coded on one controller. Immutable.</summary>
internal sealed record HusdataEntry
{
    public required SensorDefinition Sensor { get; init; }

    public HusdataIndex Index { get; init; }

    public required EntryType Type { get; init; }

    /// <summary>What the number is divided by on firmware that multiplies everything by ten.</summary>
    public double Divisor { get; init; } = 1;

    /// <summary>What it is divided by on firmware that hands through what the heat pump says.</summary>
    public double NativeDivisor { get; init; } = 1;

    /// <summary>What a value is multiplied by to be written, where that differs from reading; null where it does not.</summary>
    public double? WriteFactor { get; init; }

    public WriteProof Proof { get; init; }

    /// <summary>Whether the value itself is a whole number, so that a number that is no multiple of ten was not multiplied.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Largest value that can be; a larger one has been divided by too little. null for no limit.</summary>
    public double? Most { get; init; }

    /// <summary>Whether exactly 0 means that there is no sensor, or that the gateway has not read it yet.</summary>
    public bool IsUnreadAtZero { get; init; }

    /// <summary>What can be true; a value outside is implausible.</summary>
    public ValueRange Plausible { get; init; }

    /// <summary>Numbers that stand for no value.</summary>
    public IReadOnlyList<MissingNumbers> Missing { get; init; } = [];

    /// <summary>Positions of the sensors of which it is the first that has a value; empty for what comes from the gateway.</summary>
    public IReadOnlyList<int> FirstOf { get; init; } = [];

    /// <summary>Whether the two kinds of firmware scale it differently.</summary>
    public bool IsScaleOpen => Divisor != NativeDivisor;

    /// <summary>Whether the gateway knows it, or it follows from others.</summary>
    public bool IsAtGateway => Type != EntryType.First;
}

/// <summary>Numbers, from one to another, that stand for no value.</summary>
/// <param name="From">The lowest.</param>
/// <param name="To">The highest.</param>
/// <param name="Meaning">Why there is no value, in words.</param>
internal readonly record struct MissingNumbers(int From, int To, string Meaning);
