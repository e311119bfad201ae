using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HPManager.Core.HeatPumps;

/// <summary>
/// Named values that an owner gave: of a connection, or a device's options. What is allowed is said by
/// <see cref="ParameterDefinition"/>s; a value is kept as invariant text. Immutable, equal by content, thread-safe.
/// In JSON an object whose members are strings, numbers, booleans, or arrays of strings (joined by commas).
/// </summary>
[JsonConverter(typeof(SettingsJsonConverter))]
public sealed class Settings : IEquatable<Settings>
{
    private readonly SortedDictionary<string, string> _values;

    /// <summary>Creates settings.</summary>
    public Settings(IEnumerable<KeyValuePair<string, string>> values) =>
        _values = new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal);

    /// <summary>No values.</summary>
    public static Settings Empty { get; } = new([]);

    /// <summary>All values by key, in the order of the keys.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The text of a value; null when it was not given.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>A copy with one value set; null removes it.</summary>
    public Settings With(string key, string? value)
    {
        var copy = new Dictionary<string, string>(_values);
        if (value is null) copy.Remove(key);
        else copy[key] = value;
        return new Settings(copy);
    }

    /// <summary>A whole number; null when it was not given or is none.</summary>
    public int? Integer(string key) => int.TryParse(this[key], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Yes or no; false when it was not given.</summary>
    public bool Flag(string key) => bool.TryParse(this[key], out var flag) && flag;

    /// <summary>The chosen members of a list; empty when it was not given.</summary>
    public IReadOnlyList<string> List(string key) =>
        this[key]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <inheritdoc/>
    public bool Equals(Settings? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Settings);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    private sealed class SettingsJsonConverter : JsonConverter<Settings>
    {
        public override Settings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("must be an object of settings");
            using var document = JsonDocument.ParseValue(ref reader);
            var values = new Dictionary<string, string>();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null) continue;
                values[member.Name] = TextOf(member.Value)
                    ?? throw new JsonException($"{member.Name} must be a text, a number, true or false, or a list of texts");
            }

            return new Settings(values);
        }

        public override void Write(Utf8JsonWriter writer, Settings value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, text) in value._values)
            {
                writer.WritePropertyName(key);

                // Only what reads back as the same text is written as something other than text: "0042" may be a PIN.
                if (text is "true" or "false") writer.WriteBooleanValue(text == "true");
                else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number.ToString(CultureInfo.InvariantCulture) == text) writer.WriteNumberValue(number);
                else writer.WriteStringValue(text);
            }

            writer.WriteEndObject();
        }

        private static string? TextOf(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array when element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                string.Join(',', element.EnumerateArray().Select(item => item.GetString())),
            _ => null,
        };
    }
}
