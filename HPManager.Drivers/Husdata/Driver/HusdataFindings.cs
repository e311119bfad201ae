using System.Text.Json;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>What was found out about one gateway, kept over restarts as JSON. Immutable.</summary>
internal sealed record HusdataFindings
{
    /// <summary>What says how it scales.</summary>
    public ScaleFindings Scale { get; init; } = ScaleFindings.None;

    /// <summary>Indices it sends that nobody knows, in the order of their discovery.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>What a written value is to be multiplied by, for settings whose first write read back ten times off.</summary>
    public IReadOnlyDictionary<string, double> WriteFactors { get; init; } = new Dictionary<string, double>();

    /// <summary>Reads what was kept; nothing, or what cannot be read, is no findings: they are found anew.</summary>
    public static HusdataFindings Parse(string? json)
    {
        if (json is null) return new HusdataFindings();
        try
        {
            return JsonSerializer.Deserialize<HusdataFindings>(json, JsonSerializerOptions.Web) is
            { Scale: { Native: not null, Tens: not null, NativeBy: not null, TensBy: not null }, Unknown: not null, WriteFactors: not null } findings
                ? findings
                : new HusdataFindings();
        }
        catch (JsonException)
        {
            return new HusdataFindings();
        }
    }

    /// <summary>The unknown indices that are indices.</summary>
    public IEnumerable<HusdataIndex> UnknownIndices()
    {
        foreach (var text in Unknown)
        {
            if (HusdataIndex.TryParse(System.Text.Encoding.UTF8.GetBytes(text ?? ""), out var index)) yield return index;
        }
    }

    /// <summary>What to keep.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
