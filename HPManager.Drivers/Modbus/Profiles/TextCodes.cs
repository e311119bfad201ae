using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// Words for texts and fault codes: <c>7H</c> for every 7H, <c>U8-15</c> for that one alone, and for a number the sub-code that means "no
/// fault". Immutable and thread-safe.
/// </summary>
public sealed class TextCodes
{
    private const int Characters = 2;
    private readonly Dictionary<string, string> _words;

    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">A code occurs twice.</exception>
    public TextCodes(IReadOnlyList<KeyValuePair<string, string>> entries)
    {
        Entries = entries;
        _words = entries.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The entries in the profile's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries { get; }

    /// <summary>The text with what it means, as far as it is known: <c>7H-19: water flow too low</c>.</summary>
    public string Explain(string text)
    {
        var family = text.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash ? text[..dash] : text;
        return _words.TryGetValue(text, out var word) || _words.TryGetValue(family, out word) ? $"{text}: {word}" : text;
    }

    /// <summary>What a sub-code alone means, whatever stands before it; null for nothing.</summary>
    public string? WordForSubCode(int subCode) => _words.GetValueOrDefault(subCode.ToString(CultureInfo.InvariantCulture));

    /// <summary>The characters of the registers up to a zero, without blanks around them; null when they are no text.</summary>
    public static string? Read(ReadOnlySpan<ushort> words, RegisterOrder order)
    {
        Span<byte> bytes = stackalloc byte[words.Length * Characters];
        for (var index = 0; index < words.Length; index++)
        {
            var word = order.IsLowWordFirst() ? words[words.Length - 1 - index] : words[index];
            if (order.IsSwapped()) BinaryPrimitives.WriteUInt16LittleEndian(bytes[(index * Characters)..], word);
            else BinaryPrimitives.WriteUInt16BigEndian(bytes[(index * Characters)..], word);
        }

        var end = bytes.IndexOf((byte)0);
        if (end >= 0) bytes = bytes[..end];
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) return null;
        var text = Encoding.UTF8.GetString(bytes).Trim();
        return text.Any(char.IsControl) ? null : text;
    }
}
