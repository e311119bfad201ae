using System.Text.Json;
using System.Text.Json.Serialization;

namespace HPManager.Core.Sensors;

/// <summary>
/// Codes of a sensor and their words. Order is the profile's. Immutable and thread-safe.
/// </summary>
[JsonConverter(typeof(CodeTableJsonConverter))]
public sealed class CodeTable
{
    private readonly Dictionary<int, string> _words;
    private readonly Dictionary<string, int> _codes;

    /// <summary>Creates a table.</summary>
    /// <exception cref="ArgumentException">A code or a word occurs twice.</exception>
    public CodeTable(IReadOnlyList<KeyValuePair<int, string>> entries)
    {
        Entries = entries;
        _words = entries.ToDictionary();
        _codes = entries.ToDictionary(entry => entry.Value, entry => entry.Key, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The entries in the profile's order.</summary>
    public IReadOnlyList<KeyValuePair<int, string>> Entries { get; }

    /// <summary>The word of a code; null when the table does not have it.</summary>
    public string? WordFor(int code) => _words.GetValueOrDefault(code);

    /// <summary>The code of a word, upper and lower case alike.</summary>
    public bool TryCodeFor(string word, out int code) => _codes.TryGetValue(word, out code);

    /// <summary>
    /// The words of all bits that are set, joined by <c> + </c>; bits without a word as <c>bit 4</c>; the word of 0 when none is set.
    /// </summary>
    public string WordsForFlags(int flags)
    {
        if (flags == 0) return WordFor(0) ?? "none";
        var words = new List<string>();
        for (var bit = 0; bit < 32; bit++)
        {
            var mask = 1 << bit;
            if ((flags & mask) != 0) words.Add(WordFor(mask) ?? $"bit {bit}");
        }

        return string.Join(" + ", words);
    }

    private sealed class CodeTableJsonConverter : JsonConverter<CodeTable>
    {
        public override CodeTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var words = JsonSerializer.Deserialize<Dictionary<int, string>>(ref reader, options) ?? [];
            return new CodeTable([.. words]);
        }

        public override void Write(Utf8JsonWriter writer, CodeTable value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (code, word) in value.Entries) writer.WriteString(code.ToString(System.Globalization.CultureInfo.InvariantCulture), word);
            writer.WriteEndObject();
        }
    }
}
