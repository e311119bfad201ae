using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// A line of <c>registers.csv</c>: one point, or one point for every chosen member of a repeat. Key, label and circuit may hold the
/// repeat's name in braces. Immutable.
/// </summary>
internal sealed record RegisterRow
{
    public required int Line { get; init; }

    public required string Key { get; init; }

    public required string Label { get; init; }

    public required string? Circuit { get; init; }

    public required ModbusTable Table { get; init; }

    public required int Address { get; init; }

    public required RegisterType Type { get; init; }

    public required int TextLength { get; init; }

    public required BitField? Bits { get; init; }

    /// <summary>Byte order of reads that differs from the profile's; null when it does not.</summary>
    public required RegisterOrder? ReadOrder { get; init; }

    /// <summary>Byte order of writes that differs from the profile's; null when it does not.</summary>
    public required RegisterOrder? WriteOrder { get; init; }

    public required IReadOnlyList<Addend> Plus { get; init; }

    public required double Scale { get; init; }

    public required double Offset { get; init; }

    public required Unit Unit { get; init; }

    public required SensorAccess Access { get; init; }

    public required WriteClass WriteClass { get; init; }

    public required ValueKind Kind { get; init; }

    public required SensorCategory Category { get; init; }

    public required CodeTable? Codes { get; init; }

    public required TextCodes? TextCodes { get; init; }

    public required ValueRange Range { get; init; }

    /// <summary>Keys of the sensors that bound what may be written; may hold the repeat's name in braces.</summary>
    public required (string? Min, string? Max) Limits { get; init; }

    public required TimeSpan? RefreshEvery { get; init; }

    public required IReadOnlyList<TagRange> TagRanges { get; init; }

    public required Signal? Signal { get; init; }

    /// <summary>Tags of the models in which the row carries its signal; empty for all.</summary>
    public required IReadOnlyList<string> SignalTags { get; init; }

    public required string? Repeat { get; init; }

    /// <summary>Registers from one member of the repeat to the next.</summary>
    public required int Stride { get; init; }

    public required IReadOnlyList<SensorCondition> Conditions { get; init; }

    public required IReadOnlyList<Sentinel> Sentinels { get; init; }

    public required bool Optional { get; init; }

    public required bool ReadAlone { get; init; }

    /// <summary>Tags of the models that have the row; empty for all.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    public required string? Notes { get; init; }

    public required string? Source { get; init; }

    /// <summary>Whether the model has the row at all.</summary>
    public bool BelongsTo(ProfileModel model) => Tags.Count == 0 || Tags.Any(model.Tags.Contains);

    /// <summary>Whether only some of the lists that the model was put together from have the row.</summary>
    public bool IsDisputedFor(ProfileModel model) => Tags.Count > 0 && !model.Tags.All(Tags.Contains);

    /// <summary>Whether the row carries its signal in the model.</summary>
    public bool SignalsFor(ProfileModel model) => SignalTags.Count == 0 || SignalTags.Any(model.Tags.Contains);

    /// <summary>The range in the model: the row's own, or the narrowest of those given for the model's tags.</summary>
    public ValueRange RangeFor(ProfileModel model)
    {
        var own = TagRanges.Where(range => model.Tags.Contains(range.Tag)).ToList();
        return own.Count == 0 ? Range : Range with { Min = own.Max(range => range.Min), Max = own.Min(range => range.Max) };
    }
}

/// <summary>A range that holds for the models with one tag.</summary>
internal sealed record TagRange(string Tag, double Min, double Max);

/// <summary>
/// When a row is there: a flag that is set (<c>newer_firmware</c>) or a number that is large enough (<c>rooms_per_zone>=3</c>).
/// </summary>
internal sealed record SensorCondition(string Option, int? AtLeast)
{
    public bool HoldsFor(Settings options) => AtLeast is { } least ? options.Integer(Option) >= least : options.Flag(Option);
}
