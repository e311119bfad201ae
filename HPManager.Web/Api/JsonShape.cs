using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HPManager.Core.HeatPumps;

namespace HPManager.Web.Api;

/// <summary>
/// Compares a JSON document with the type it is for and names every member at fault by its path (<c>tiles[0].title</c>), with what is allowed.
/// The serializer itself would stop at the first one and speak of .NET types.
/// </summary>
internal static class JsonShape
{
    /// <summary>The name of the document itself, where no member is at fault.</summary>
    public const string Root = "$";

    private const int MostErrors = 20;

    /// <summary>Every member at fault, at most twenty; empty when the document can be deserialized.</summary>
    public static IReadOnlyList<FieldError> Check(JsonElement document, Type type, JsonSerializerOptions options)
    {
        var errors = new List<FieldError>();
        Check(document, options.GetTypeInfo(type), "", errors);
        return errors;
    }

    private static void Check(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (errors.Count >= MostErrors) return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckList(element, type, path, errors);
                break;
            case JsonTypeInfoKind.Dictionary:
                CheckMembers(element, type, path, errors);
                break;
            default:
                if (FaultOf(element, type) is { } message) Add(errors, path, message);
                break;
        }
    }

    private static void CheckObject(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add(errors, path, $"Must be an object with: {Known(type)}.");
            return;
        }

        foreach (var property in type.Properties)
        {
            var member = Join(path, property.Name);
            if (!element.TryGetProperty(property.Name, out var value))
            {
                if (IsRequired(property)) Add(errors, member, "Is required.");
            }
            else if (value.ValueKind == JsonValueKind.Null)
            {
                if (!IsNullable(property)) Add(errors, member, "Must not be null.");
            }
            else
            {
                Check(value, type.Options.GetTypeInfo(property.PropertyType), member, errors);
            }
        }

        foreach (var given in element.EnumerateObject().Where(given => type.Properties.All(property => property.Name != given.Name)).Take(MostErrors))
        {
            Add(errors, Join(path, given.Name), $"Unknown; known here: {Known(type)}.");
        }
    }

    private static void CheckList(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            Add(errors, path, "Must be a list.");
            return;
        }

        var itemType = type.Options.GetTypeInfo(type.ElementType!);
        var position = 0;
        foreach (var item in element.EnumerateArray())
        {
            Check(item, itemType, $"{path}[{position++}]", errors);
        }
    }

    private static void CheckMembers(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Add(errors, path, "Must be an object.");
            return;
        }

        var valueType = type.Options.GetTypeInfo(type.ElementType!);
        foreach (var member in element.EnumerateObject()) Check(member.Value, valueType, Join(path, member.Name), errors);
    }

    private static string? FaultOf(JsonElement element, JsonTypeInfo type)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Null || element.Deserialize(type) is null ? "Must not be null." : null;
        }
        catch (JsonException fault)
        {
            return Allowed(Nullable.GetUnderlyingType(type.Type) ?? type.Type) ?? Sentence(fault.Message);
        }
    }

    // What the framework's own converters take. Ours say it in their exceptions.
    private static string? Allowed(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.Int32 or TypeCode.Int64 => "Must be a whole number.",
        TypeCode.Double => "Must be a number.",
        TypeCode.Boolean => "Must be true or false.",
        TypeCode.String => "Must be a text in quotes.",
        _ when type == typeof(TimeOnly) => "Must be a time of day, such as \"06:30\".",
        _ when type == typeof(DateTimeOffset) => "Must be a moment, such as \"2026-01-15T06:30:00Z\".",
        _ => null,
    };

    private static string Sentence(string message)
    {
        var text = message.TrimEnd('.');
        return text.Length == 0 ? "Is not allowed." : char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static bool IsNullable(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable;

    private static string Known(JsonTypeInfo type) => string.Join(", ", type.Properties.Select(property => property.Name));

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    private static void Add(List<FieldError> errors, string path, string message)
    {
        if (errors.Count < MostErrors) errors.Add(new FieldError(path.Length == 0 ? Root : path, message));
    }
}
