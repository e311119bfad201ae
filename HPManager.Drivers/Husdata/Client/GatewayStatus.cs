using System.Globalization;
using System.Text.Json;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>What <c>/status</c> says about a gateway, as far as it is understood.</summary>
/// <param name="InterfaceType">Two characters for the heat pump's controller, such as <c>60</c>; null when it does not say.</param>
/// <param name="HasRoomControl">Whether the emulated room sensor is switched on; null when it does not say.</param>
internal sealed record GatewayStatus(string? InterfaceType, bool? HasRoomControl)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Reads an answer; what is no gateway's is null.</summary>
    public static GatewayStatus? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (Member(document.RootElement, "status") is not { } status) return null;
            var version = Member(status, "H1ver") is { } text ? Text(text) : null;
            var type = version is { Length: >= 2 } && char.IsAsciiDigit(version[0]) && char.IsAsciiDigit(version[1]) ? version[..2] : null;
            var control = Member(document.RootElement, "config") is { } config && Member(config, "ROOM_CTRL") is { } flag ? Text(flag) : null;
            return new GatewayStatus(type, control is null ? null : control is not ("0" or "false" or ""));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
