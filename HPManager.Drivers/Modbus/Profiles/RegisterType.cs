namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>How a value is coded in registers.</summary>
public enum RegisterType
{
    /// <summary>A coil or discrete input; or one word, 0 or 1 in its low byte.</summary>
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

    /// <summary>Four words, signed. Readings carry doubles, so beyond 2⁵³ the last digits are rounded.</summary>
    Int64,

    /// <summary>Four words, unsigned; rounded beyond 2⁵³ as <see cref="Int64"/> is.</summary>
    UInt64,

    /// <summary>Four words, IEEE 754 double.</summary>
    Float64,

    /// <summary>Characters, two a word, in UTF-8; ends at a zero, blanks around it do not count.</summary>
    Text,

    /// <summary>Two words: two ASCII characters and a sub-code, shown as <c>7H-19</c>.</summary>
    FaultCode,
}

/// <summary>
/// In which order the bytes of a value arrive. The letters name the bytes of a 32-bit value from the most significant one, as
/// gateways and meters print it; a 64-bit value follows the same pattern, one word only knows whether its bytes are swapped.
/// </summary>
public enum RegisterOrder
{
    /// <summary>High word first, high byte first: the Modbus custom.</summary>
    Abcd,

    /// <summary>Low word first, high byte first.</summary>
    Cdab,

    /// <summary>High word first, bytes swapped.</summary>
    Badc,

    /// <summary>Low word first, bytes swapped.</summary>
    Dcba,
}

/// <summary>What holds for register types and orders.</summary>
internal static class RegisterTypes
{
    /// <summary>Whether the values are texts and have neither scale nor range.</summary>
    public static bool IsText(this RegisterType type) => type is RegisterType.Text or RegisterType.FaultCode;

    /// <summary>Whether values are floating-point numbers, so that a scale gives no step.</summary>
    public static bool IsFloat(this RegisterType type) => type is RegisterType.Float32 or RegisterType.Float64;

    /// <summary>Whether single bits may be picked out of it.</summary>
    public static bool HasBits(this RegisterType type) =>
        type is RegisterType.Bool or RegisterType.UInt8 or RegisterType.UInt16 or RegisterType.UInt32;

    /// <summary>Registers that a value takes; a text takes as many as its row says.</summary>
    public static int WordsOf(this RegisterType type, int textLength = 1) => type switch
    {
        RegisterType.Text => textLength,
        RegisterType.Int64 or RegisterType.UInt64 or RegisterType.Float64 => 4,
        RegisterType.Int32 or RegisterType.UInt32 or RegisterType.Float32 or RegisterType.FaultCode => 2,
        _ => 1,
    };

    /// <summary>Smallest and largest raw value.</summary>
    public static (double Min, double Max) Limits(this RegisterType type) => type switch
    {
        RegisterType.Bool => (0, 1),
        RegisterType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        RegisterType.UInt8 => (byte.MinValue, byte.MaxValue),
        RegisterType.Int16 => (short.MinValue, short.MaxValue),
        RegisterType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        RegisterType.Int32 => (int.MinValue, int.MaxValue),
        RegisterType.UInt32 => (uint.MinValue, uint.MaxValue),
        RegisterType.Int64 => (-MaxExact, MaxExact),
        RegisterType.UInt64 => (0, MaxExact),
        RegisterType.Float32 => (float.MinValue, float.MaxValue),
        _ => (double.MinValue, double.MaxValue),
    };

    /// <summary>Whether the low word comes first.</summary>
    public static bool IsLowWordFirst(this RegisterOrder order) => order is RegisterOrder.Cdab or RegisterOrder.Dcba;

    /// <summary>Whether the two bytes of each word are swapped.</summary>
    public static bool IsSwapped(this RegisterOrder order) => order is RegisterOrder.Badc or RegisterOrder.Dcba;

    /// <summary>2⁵³: above it not every whole number is a double, and what would be written is not what was asked for.</summary>
    private const double MaxExact = 9_007_199_254_740_992;
}
