using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>A raw value that means something other than a value.</summary>
/// <param name="Raw">As decoded by the point's type, before scaling: -32768, 255, -1. NaN and infinity need no entry: they are always missing.</param>
/// <param name="Meaning">Why there is no value, in words a person reads: <c>not fitted</c>.</param>
/// <param name="IsAbsent">The device says by it that it does not have the value at all, as a refusal would.</param>
public readonly record struct Sentinel(double Raw, string Meaning, bool IsAbsent = false);

/// <summary>The bits of a word that a value is in.</summary>
/// <param name="Shift">Its lowest bit; 0 is the least significant.</param>
/// <param name="Count">How many bits, at least 1.</param>
public readonly record struct BitField(int Shift, int Count)
{
    /// <summary>The value of the bits.</summary>
    public double Of(double raw) => ((ulong)raw >> Shift) & ((1UL << Count) - 1);
}

/// <summary>A further register whose value is added: the whole MWh of an energy total beside its kWh.</summary>
/// <param name="Offset">Registers behind the first one of the point, at least 1.</param>
/// <param name="Scale">raw × scale is added.</param>
public readonly record struct Addend(int Offset, double Scale);

/// <summary>
/// A sensor and where it lives in the registers. Immutable.
/// </summary>
public sealed record ModbusPoint
{
    private readonly int _scaleDecimals;
    private readonly int _offsetDecimals;

    /// <summary>The sensor.</summary>
    public required SensorDefinition Sensor { get; init; }

    /// <summary>Table it is read from.</summary>
    public required ModbusTable Table { get; init; }

    /// <summary>Zero-based address of its first register, as on the wire.</summary>
    public required ushort Address { get; init; }

    /// <summary>Coding.</summary>
    public required RegisterType Type { get; init; }

    /// <summary>raw × scale + offset = value.</summary>
    public double Scale
    {
        get;
        init => (field, _scaleDecimals) = (value, RegisterDecoder.DecimalsOf(value));
    }

        = 1;

    /// <summary>Added to the scaled value.</summary>
    public double Offset
    {
        get;
        init => (field, _offsetDecimals) = (value, RegisterDecoder.DecimalsOf(value));
    }

    /// <summary>Decimals that scale and offset can give; values are rounded to them.</summary>
    public int Decimals => Math.Max(_scaleDecimals, _offsetDecimals);

    /// <summary>Byte order when reading.</summary>
    public RegisterOrder ReadOrder { get; init; }

    /// <summary>Byte order when writing; some devices differ.</summary>
    public RegisterOrder WriteOrder { get; init; }

    /// <summary>Registers of a text, 1 to 32; meaningless for other types.</summary>
    public int TextLength { get; init; } = 1;

    /// <summary>The bits that hold the value; null for all.</summary>
    public BitField? Bits { get; init; }

    /// <summary>Registers that are added, by address; empty for nearly all.</summary>
    public IReadOnlyList<Addend> Plus { get; init; } = [];

    /// <summary>What texts and fault codes mean; null for numbers.</summary>
    public TextCodes? TextCodes { get; init; }

    /// <summary>Raw values that are no values; documented codes of the sensor win over them.</summary>
    public IReadOnlyList<Sentinel> Sentinels { get; init; } = [];

    /// <summary>Whether it must be read in a request of its own.</summary>
    public bool ReadAlone { get; init; }

    /// <summary>Whether many devices lack it, so that a refusal is expected and a request of its own protects its neighbours.</summary>
    public bool Optional { get; init; }

    /// <summary>Registers to read for it, those that are added included; or 1 bit.</summary>
    public int Words => Plus.Count == 0 ? Type.WordsOf(TextLength) : Plus[^1].Offset + Type.WordsOf();

    /// <summary>The address behind its last register.</summary>
    public int End => Address + Words;
}
