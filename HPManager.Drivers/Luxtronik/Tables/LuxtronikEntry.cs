using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>Which of the controller's three blocks.</summary>
internal enum LuxtronikBlock
{
    Parameters,
    Calculations,
    Visibilities,
}

/// <summary>How an entry's raw number is meant.</summary>
internal enum EntryType
{
    /// <summary>raw × scale + offset; a raw number with a word of its own stands for itself.</summary>
    Number,

    /// <summary>0 or 1.</summary>
    Switch,

    /// <summary>One of the codes.</summary>
    Code,

    /// <summary>Unix seconds; 0 is empty.</summary>
    Timestamp,

    /// <summary>Seconds since midnight.</summary>
    TimeOfDay,

    /// <summary>Two times in minutes since midnight: the low 16 bits are the start, the high ones the end.</summary>
    TimeRange,

    /// <summary>Hundredths of a volt above 100; below, the entry is in per cent.</summary>
    PumpVolts,

    /// <summary>Per cent up to 100; above, the entry is in volts.</summary>
    PumpPercent,
}

/// <summary>An entry of one of the tables: a sensor, where it lives, and how it is coded. Immutable.</summary>
internal sealed record LuxtronikEntry
{
    public required SensorDefinition Sensor { get; init; }

    public required LuxtronikBlock Block { get; init; }

    /// <summary>Position in the block.</summary>
    public required int Index { get; init; }

    public required EntryType Type { get; init; }

    public double Scale { get; init; } = 1;

    /// <summary>The scale on controllers of series 1 and 2 where it differs.</summary>
    public double? OldScale { get; init; }

    public double Offset { get; init; }

    /// <summary>What can be true; a value outside is implausible.</summary>
    public ValueRange Plausible { get; init; }

    /// <summary>Raw numbers that stand for no value, and what they mean.</summary>
    public IReadOnlyDictionary<int, string> Missing { get; init; } = new Dictionary<int, string>();

    /// <summary>Raw numbers an input without a sensor stays at, beside 0; they are possible values too.</summary>
    public IReadOnlyList<int> Idle { get; init; } = [];

    /// <summary>Index of the visibility that hints whether it is there; null for none.</summary>
    public int? Visibility { get; init; }

    /// <summary>What must hold for it to be there; null for nothing.</summary>
    public PresenceRule? Needs { get; init; }

    /// <summary>Added by the controller now and then and to be taken away; 0 for nothing.</summary>
    public int Wrap { get; init; }
}
