using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.Sensors;

/// <summary>What kind of value a sensor has, which decides how it is shown, checked and charted.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ValueKind>))]
public enum ValueKind
{
    /// <summary>A number with a unit.</summary>
    Number,

    /// <summary>A number that only grows: energy, hours, starts.</summary>
    Counter,

    /// <summary>One of the sensor's codes.</summary>
    Code,

    /// <summary>Several of the sensor's codes at once, as bits.</summary>
    Flags,

    /// <summary>0 or 1.</summary>
    Switch,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>The group a sensor is shown in.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SensorCategory>))]
public enum SensorCategory
{
    /// <summary>Measured temperatures.</summary>
    Temperature,

    /// <summary>What is asked for.</summary>
    Setpoint,

    /// <summary>Operating modes.</summary>
    Mode,

    /// <summary>States, demands, valves.</summary>
    Status,

    /// <summary>Power.</summary>
    Power,

    /// <summary>Energy counters.</summary>
    Energy,

    /// <summary>Pressures.</summary>
    Pressure,

    /// <summary>Flow of water, brine or air.</summary>
    Flow,

    /// <summary>Speeds, humidity, state of charge.</summary>
    Percentage,

    /// <summary>Hours, starts, intervals.</summary>
    Time,

    /// <summary>Faults and messages.</summary>
    Fault,

    /// <summary>Everything else.</summary>
    Other,
}

/// <summary>Whether a sensor can be read, written, or both.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SensorAccess>))]
public enum SensorAccess
{
    /// <summary>Read only.</summary>
    Read,

    /// <summary>Read and written.</summary>
    ReadWrite,

    /// <summary>Written only: it has no reading.</summary>
    Write,
}

/// <summary>How often, and with what care, a sensor may be written.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<WriteClass>))]
public enum WriteClass
{
    /// <summary>Not written.</summary>
    None,

    /// <summary>A setting kept in memory of limited write cycles: on change only, at most once a minute.</summary>
    Eeprom,

    /// <summary>An ordinary setting whose endurance is not published: on change only.</summary>
    Setting,

    /// <summary>An input that is meant to be refreshed and has no wear.</summary>
    Cyclic,

    /// <summary>Triggers something once, on a person's command.</summary>
    SingleShot,
}

/// <summary>What may be written, in the sensor's unit. A null end is not limited beyond the data type.</summary>
/// <param name="Min">Smallest value allowed.</param>
/// <param name="Max">Largest value allowed.</param>
/// <param name="Step">Values must be <paramref name="Min"/> (or 0) plus a multiple of this; null for any.</param>
public readonly record struct ValueRange(double? Min, double? Max, double? Step)
{
    /// <summary>Whether the value lies within the ends; NaN never does.</summary>
    public bool Contains(double value) => !double.IsNaN(value) && !(value < Min) && !(value > Max);
}

/// <summary>Sensors whose present readings bound what may be written: the device moves its own limits.</summary>
/// <param name="Min">Reads the smallest value allowed; null for none.</param>
/// <param name="Max">Reads the largest value allowed; null for none.</param>
public sealed record RangeSensors(SensorKey? Min, SensorKey? Max);

/// <summary>
/// One thing a heat pump can tell or be told. Comes from a profile; immutable.
/// </summary>
public sealed record SensorDefinition
{
    /// <summary>Name within the model.</summary>
    public required SensorKey Key { get; init; }

    /// <summary>What a person reads.</summary>
    public required string Label { get; init; }

    /// <summary>Group.</summary>
    public required SensorCategory Category { get; init; }

    /// <summary>Kind of value.</summary>
    public required ValueKind Kind { get; init; }

    /// <summary>Unit of the value and of <see cref="Range"/>.</summary>
    public Unit Unit { get; init; }

    /// <summary>Read, write or both.</summary>
    public SensorAccess Access { get; init; }

    /// <summary>Care needed when writing; <see cref="WriteClass.None"/> when <see cref="Access"/> is read.</summary>
    public WriteClass WriteClass { get; init; }

    /// <summary>What may be written; also where readings outside are flagged as implausible when <see cref="IsRangePlausibility"/>.</summary>
    public ValueRange Range { get; init; }

    /// <summary>Whether a reading outside <see cref="Range"/> is implausible (a measured range), not only not writable.</summary>
    public bool IsRangePlausibility { get; init; }

    /// <summary>Sensors that bound what may be written beside <see cref="Range"/>; null for none.</summary>
    public RangeSensors? Limits { get; init; }

    /// <summary>How often a written value has to be sent again to stay in force; null when the device keeps it.</summary>
    public TimeSpan? RefreshEvery { get; init; }

    /// <summary>
    /// Words of the codes; null when there are none. A number may have some too: single values that mean a state (−1 = off) and may be
    /// written although they lie outside of <see cref="Range"/>.
    /// </summary>
    public CodeTable? Codes { get; init; }

    /// <summary>Make-independent meaning, if any.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The heating circuit, zone or room it belongs to, in words (<c>Circuit A</c>); null for the heat pump itself.</summary>
    public string? Circuit { get; init; }

    /// <summary>Where it lives on the device, for people: <c>holding 1000</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>What an owner should know before trusting or writing it.</summary>
    public string? Notes { get; init; }

    /// <summary>Where the facts come from.</summary>
    public string? Source { get; init; }

    /// <summary>Whether it has readings.</summary>
    [JsonIgnore]
    public bool IsReadable => Access != SensorAccess.Write;

    /// <summary>Whether it can be written.</summary>
    [JsonIgnore]
    public bool IsWritable => Access != SensorAccess.Read;
}
