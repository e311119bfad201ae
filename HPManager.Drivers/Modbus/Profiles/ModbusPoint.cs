using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>How a value is coded in registers.</summary>
public enum RegisterType
{
    /// <summary>One word, 0 or 1 in its low byte.</summary>
    Bool,

    /// <summary>One word, signed low byte; written sign-extended.</summary>
    Int8,

    /// <summary>One word, unsigned low byte.</summary>
    UInt8,

    /// <summary>One word, signed.</summary>
    Int16,

    /// <summary>One word, unsigned.</summary>
    UInt16,

    /// <summary>Two words, signed.</summary>
    Int32,

    /// <summary>Two words, unsigned.</summary>
    UInt32,

    /// <summary>Two words, IEEE 754 single.</summary>
    Float32,
}

/// <summary>Which word of a value comes first.</summary>
public enum WordOrder
{
    /// <summary>Most significant word first, the Modbus custom.</summary>
    HighFirst,

    /// <summary>Least significant word first.</summary>
    LowFirst,
}

/// <summary>A raw value that means something other than a value.</summary>
/// <param name="Raw">As decoded by the point's type, before scaling: -32768, 255, -1. NaN and infinity need no entry: they are always missing.</param>
/// <param name="Meaning">Why there is no value, in words a person reads: <c>not fitted</c>.</param>
public readonly record struct Sentinel(double Raw, string Meaning);

/// <summary>
/// A sensor and where it lives in the registers. Immutable.
/// </summary>
public sealed record ModbusPoint
{
    /// <summary>The sensor.</summary>
    public required SensorDefinition Sensor { get; init; }

    /// <summary>Table it is read from.</summary>
    public required ModbusTable Table { get; init; }

    /// <summary>Zero-based address of its first register, as on the wire.</summary>
    public required ushort Address { get; init; }

    /// <summary>Coding.</summary>
    public required RegisterType Type { get; init; }

    /// <summary>raw × scale = value.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Word order when reading.</summary>
    public WordOrder ReadOrder { get; init; }

    /// <summary>Word order when writing; some devices differ.</summary>
    public WordOrder WriteOrder { get; init; }

    /// <summary>Raw values that are no values; documented codes of the sensor win over them.</summary>
    public IReadOnlyList<Sentinel> Sentinels { get; init; } = [];

    /// <summary>Whether it must be read in a request of its own.</summary>
    public bool ReadAlone { get; init; }

    /// <summary>Whether many devices lack it, so that a refusal is expected and a request of its own protects its neighbours.</summary>
    public bool Optional { get; init; }

    /// <summary>Registers it takes: 1 or 2.</summary>
    public int Words => Type is RegisterType.Int32 or RegisterType.UInt32 or RegisterType.Float32 ? 2 : 1;

    /// <summary>The address behind its last register.</summary>
    public int End => Address + Words;
}

/// <summary>How points may be joined into one request.</summary>
/// <param name="MaxWords">Most registers in one request, 1 to 125.</param>
/// <param name="MaxHole">Most registers of no point that may be read along between two points; 0 forbids gaps.</param>
/// <param name="NewRequestAt">
/// Addresses at which a new request must begin: a point there is never read behind a point before it, for example because the two overlap.
/// </param>
public sealed record BlockRules(int MaxWords, int MaxHole, IReadOnlySet<int> NewRequestAt);
