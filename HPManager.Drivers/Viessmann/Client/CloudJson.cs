using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>Reads JSON that may be of any shape without ever throwing for it.</summary>
internal static class CloudJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Parses a text; one with the same key twice, damaged UTF-8 or deeper than 32 levels is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement root, out string problem)
    {
        root = default;
        problem = "";
        try
        {
            if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
            if (!Utf8.IsValid(utf8)) problem = "damaged UTF-8";
            else root = JsonElement.Parse(utf8, Strict);
        }
        catch (JsonException malformed)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"no JSON at byte {malformed.BytePositionInLine} of line {malformed.LineNumber + 1}");
        }

        catch (InvalidOperationException)
        {
            // A key with half of a surrogate pair, met while looking for keys that are there twice.
            problem = "a key that is no text";
        }

        return problem.Length == 0;
    }

    /// <summary>A member of an object; an undefined element when there is none, or when this is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
        }
        catch (InvalidOperationException)
        {
            // Another member's name holds half of a surrogate pair.
            return default;
        }
    }

    /// <summary>The text of a string; null for anything else.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return null;
        }
    }

    /// <summary>A finite number; null for anything else.</summary>
    public static double? Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    /// <summary>A whole number; null for anything else.</summary>
    public static long? Whole(this JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) ? value : null;

    /// <summary>true or false; null for anything else.</summary>
    public static bool? Flag(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A moment in ISO 8601, UTC; null for anything else.</summary>
    public static DateTimeOffset? Moment(this JsonElement element) =>
        DateTimeOffset.TryParse(element.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;

    /// <summary>The items of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The members of an object whose names can be read; none for anything else.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) yield break;
        foreach (var member in element.EnumerateObject())
        {
            if (TryName(member, out var name)) yield return (name, member.Value);
        }
    }

    private static bool TryName(JsonProperty member, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }
}
