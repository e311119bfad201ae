using System.Text.Json;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>What one controller was found to be, kept over restarts as JSON. Immutable.</summary>
internal sealed record LuxtronikFindings
{
    /// <summary>The port that worked; null for none yet.</summary>
    public int? Port { get; init; }

    /// <summary>The firmware text the lengths belong to.</summary>
    public string Firmware { get; init; } = "";

    public int Parameters { get; init; }

    public int Calculations { get; init; }

    public int Visibilities { get; init; }

    /// <summary>Whether the status lines were seen to tell something.</summary>
    public bool TellsStatus { get; init; }

    /// <summary>Keys of the sensors that the display hides but that were seen to move, in their order.</summary>
    public IReadOnlyList<string> Moved { get; init; } = [];

    /// <summary>Reads what was kept; nothing, or what cannot be read, is no findings: they are found anew.</summary>
    public static LuxtronikFindings Parse(string? json)
    {
        if (json is null) return new LuxtronikFindings();
        try
        {
            return JsonSerializer.Deserialize<LuxtronikFindings>(json, JsonSerializerOptions.Web) is { Firmware: not null, Moved: not null } findings
                ? findings
                : new LuxtronikFindings();
        }
        catch (JsonException)
        {
            return new LuxtronikFindings();
        }
    }

    /// <summary>What to keep.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
