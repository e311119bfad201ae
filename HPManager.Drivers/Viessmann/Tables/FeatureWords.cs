using System.Text;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>
/// Numbers for the cloud's words. Known ones have theirs in the table; any other one has a number made from its letters, so that it stays the same over restarts
/// and installations without being kept anywhere.
/// </summary>
internal static class FeatureWords
{
    private const int FirstMade = 1000;
    private const int Range = 1_000_000_000;

    /// <summary>The number of a word.</summary>
    public static int CodeOf(FeatureRow row, string api) => row.Words.FirstOrDefault(word => word.Api == api)?.Code ?? Made(api);

    /// <summary>What a person reads for a word; one that is not in the table is shown as the cloud writes it.</summary>
    public static string WordOf(FeatureRow row, string api) => row.Words.FirstOrDefault(word => word.Api == api)?.Word ?? api;

    /// <summary>The word of a number among those that are allowed; null for none.</summary>
    public static string? ApiOf(FeatureRow row, IEnumerable<string> allowed, int code) => allowed.FirstOrDefault(api => CodeOf(row, api) == code);

    /// <summary>A table of words; of two that cannot be told apart the first is kept.</summary>
    public static CodeTable Table(FeatureRow row, IEnumerable<string> apis)
    {
        var entries = apis.Select(api => KeyValuePair.Create(CodeOf(row, api), WordOf(row, api)))
            .DistinctBy(entry => entry.Key).DistinctBy(entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        return new CodeTable([.. entries]);
    }

    // FNV-1a.
    private static int Made(string api)
    {
        var hash = 2166136261u;
        foreach (var letter in Encoding.UTF8.GetBytes(api)) hash = unchecked((hash ^ letter) * 16777619u);
        return FirstMade + (int)(hash % Range);
    }
}
