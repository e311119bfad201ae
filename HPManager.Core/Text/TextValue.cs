using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HPManager.Core.Text;

/// <summary>An identity that is written as checked text: a key, an id.</summary>
/// <typeparam name="TSelf">The identity itself.</typeparam>
public interface ITextValue<TSelf>
    where TSelf : struct, ITextValue<TSelf>
{
    /// <summary>What is allowed, in words a person can act on.</summary>
    static abstract string Format { get; }

    /// <summary>The text; empty for <c>default</c>.</summary>
    string Value { get; }

    /// <summary>Parses the text; false, and <c>default</c>, when it is not in <see cref="Format"/>.</summary>
    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf value);
}

/// <summary>What all <see cref="ITextValue{TSelf}"/> share.</summary>
public static class TextValue
{
    /// <summary>Parses a text that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not in the type's format.</exception>
    public static T Parse<T>(string text)
        where T : struct, ITextValue<T> =>
        T.TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is no {typeof(T).Name}: {T.Format}.");
}

/// <summary>Writes a <see cref="ITextValue{TSelf}"/> as a JSON string, also as a property name.</summary>
/// <typeparam name="T">The identity.</typeparam>
public sealed class TextValueJsonConverter<T> : JsonConverter<T>
    where T : struct, ITextValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? FromText(reader.GetString()) : throw new JsonException(Message(null));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FromText(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);

    private static T FromText(string? text) => T.TryParse(text, out var value) ? value : throw new JsonException(Message(text));

    private static string Message(string? text) => $"'{text}' is not allowed here: {T.Format}.";
}
