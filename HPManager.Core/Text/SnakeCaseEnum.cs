using System.Text.Json;
using System.Text.Json.Serialization;

namespace HPManager.Core.Text;

/// <summary>Enum members written in lower snake case, as everywhere in profiles, REST and the store.</summary>
public static class SnakeCaseEnum
{
    /// <summary>The member's key.</summary>
    public static string Key<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.TryGetValue(value, out var key) ? key : SnakeCase.FromPascalCase(value.ToString());

    /// <summary>Finds the member by its key.</summary>
    public static bool TryParse<T>(string? key, out T value)
        where T : struct, Enum
    {
        value = default;
        return key is not null && Names<T>.ByKey.TryGetValue(key, out value);
    }

    /// <summary>All keys, for messages that say what is allowed.</summary>
    public static IReadOnlyCollection<string> Keys<T>()
        where T : struct, Enum => Names<T>.ByKey.Keys;

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<string, T> ByKey =
            Enum.GetValues<T>().ToDictionary(value => SnakeCase.FromPascalCase(value.ToString()));

        public static readonly Dictionary<T, string> ByValue = ByKey.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}

/// <summary>JSON in lower snake case, with a message that lists what is allowed.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && SnakeCaseEnum.TryParse<T>(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"allowed are: {string.Join(", ", SnakeCaseEnum.Keys<T>())}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(SnakeCaseEnum.Key(value));
}
