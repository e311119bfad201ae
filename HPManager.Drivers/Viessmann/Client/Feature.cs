using System.Text.Json;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>One feature of a device, as the cloud tells it.</summary>
/// <param name="Name">Dotted name.</param>
/// <param name="At">When it was true; null when the cloud does not say.</param>
/// <param name="IsEnabled">Whether the installation has it.</param>
/// <param name="Properties">Its properties as they came.</param>
/// <param name="Commands">Its commands as they came.</param>
internal sealed record Feature(string Name, DateTimeOffset? At, bool IsEnabled, JsonElement Properties, JsonElement Commands)
{
    /// <summary>A property; an undefined element when there is none.</summary>
    public JsonElement Property(string name) => Properties.Member(name);

    /// <summary>Whether it tells anything at all.</summary>
    public bool Tells(string property) => IsEnabled && (Property(property).ValueKind == JsonValueKind.Object || (property == "value" && Property("status").ValueKind == JsonValueKind.Object));
}

/// <summary>Reads the list of features.</summary>
internal static class FeatureReader
{
    /// <summary>The features by device and name; an entry without a name is left out. The gateway's own stand under the device <c>""</c>.</summary>
    /// <returns>null when the answer is no list.</returns>
    public static Dictionary<string, Dictionary<string, Feature>>? ReadAll(JsonElement body)
    {
        var data = body.Member("data");
        if (data.ValueKind != JsonValueKind.Array) return null;
        var devices = new Dictionary<string, Dictionary<string, Feature>>(StringComparer.Ordinal);
        foreach (var entry in data.EnumerateArray())
        {
            if (Read(entry) is not { } feature) continue;
            var device = DeviceOf(entry);
            if (!devices.TryGetValue(device, out var features)) devices[device] = features = new Dictionary<string, Feature>(StringComparer.Ordinal);
            features[feature.Name] = feature;
        }

        return devices;
    }

    /// <summary>The one feature of an answer; null when it has none.</summary>
    public static Feature? ReadOne(JsonElement body) => Read(body.Member("data"));

    private static Feature? Read(JsonElement entry) => entry.Member("feature").Text() is { Length: > 0 } name
        ? new Feature(name, entry.Member("timestamp").Moment(), entry.Member("isEnabled").Flag() ?? true, entry.Member("properties"), entry.Member("commands"))
        : null;

    private static string DeviceOf(JsonElement entry)
    {
        if (entry.Member("deviceId").Text() is { Length: > 0 } told) return told;
        const string Mark = "/devices/";
        var uri = entry.Member("uri").Text() ?? "";
        var start = uri.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0) return "";
        var rest = uri[(start + Mark.Length)..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        return Uri.UnescapeDataString(end < 0 ? rest : rest[..end]);
    }
}
