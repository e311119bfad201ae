using System.Text.Json;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>What one plant was found to have, kept over restarts as JSON. Immutable.</summary>
internal sealed record EbusdFindings
{
    /// <summary>Keys of the sensors, in the order in which they are shown.</summary>
    public IReadOnlyList<string> Sensors { get; init; } = [];

    /// <summary>Keys of those among them that can be written.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Keys of those among them that the heat pump turned out not to have.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Reads what was kept; nothing, or what cannot be read, is no findings: they are found anew.</summary>
    public static EbusdFindings Parse(string? json)
    {
        if (json is null) return new EbusdFindings();
        try
        {
            return JsonSerializer.Deserialize<EbusdFindings>(json, JsonSerializerOptions.Web) is { Sensors: not null, Writable: not null, Absent: not null } findings ? findings : new EbusdFindings();
        }
        catch (JsonException)
        {
            return new EbusdFindings();
        }
    }

    /// <summary>What to keep.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
