using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>
/// The name of a value at the gateway: four hexadecimal characters, of which the first is the data type and the second the group. Upper and lower case are
/// the same index.
/// </summary>
/// <param name="Number">The four characters as a number.</param>
internal readonly record struct HusdataIndex(ushort Number)
{
    /// <summary>Characters of an index.</summary>
    public const int Length = 4;

    /// <summary>The first character as a number: it decides the unit and how firmware scales.</summary>
    public int DataType => Number >> 12;

    /// <summary>The sensor's key when nothing is known about the index.</summary>
    public SensorKey UnknownKey => SensorKey.Parse($"index_{Number.ToString("x4", CultureInfo.InvariantCulture)}");

    /// <summary>Reads an index; anything but four hexadecimal characters is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out HusdataIndex index)
    {
        index = default;
        if (text.Length != Length) return false;
        var number = 0;
        foreach (var letter in text)
        {
            var digit = letter switch
            {
                >= (byte)'0' and <= (byte)'9' => letter - '0',
                >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
                >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
                _ => -1,
            };
            if (digit < 0) return false;
            number = (number << 4) | digit;
        }

        index = new HusdataIndex((ushort)number);
        return true;
    }

    /// <summary>Reads an index that is known to be one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static HusdataIndex Parse(string text) =>
        TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var index) ? index : throw new FormatException($"'{text}' is no index.");

    /// <summary>As the gateway writes it.</summary>
    public override string ToString() => Number.ToString("X4", CultureInfo.InvariantCulture);
}
