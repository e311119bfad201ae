using System.Globalization;

namespace HPManager.Drivers.Ebusd.Inventory;

/// <summary>What ebusd says of itself. Immutable.</summary>
internal sealed record EbusdInfo
{
    private const string VersionKey = "version";

    /// <summary>Its version, as <c>ebusd 26.1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Whether it hears the bus.</summary>
    public required bool HasSignal { get; init; }

    /// <summary>Whether its scan of the bus is over; true where it makes none.</summary>
    public required bool IsScanned { get; init; }

    /// <summary>Symbols a second on the bus; null when it does not say.</summary>
    public required double? SymbolRate { get; init; }

    /// <summary>Changes when ebusd has other definitions than before.</summary>
    public required string Fingerprint { get; init; }

    public static string Command => "info";

    /// <summary>Reads the answer to <see cref="Command"/>; null when it is none of ebusd's.</summary>
    public static EbusdInfo? Parse(IReadOnlyList<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0) values.TryAdd(line[..colon].Trim(), line[(colon + 2)..].Trim());
        }

        if (lines.Count == 0 || !lines[0].StartsWith(VersionKey + ":", StringComparison.OrdinalIgnoreCase) || !values.TryGetValue(VersionKey, out var version)) return null;
        var parts = values.Where(pair => pair.Key is VersionKey or "scan" or "messages" or "conditional" or "access" || pair.Key.StartsWith("address", StringComparison.OrdinalIgnoreCase));
        return new EbusdInfo
        {
            Version = version,
            HasSignal = !values.TryGetValue("signal", out var signal) || !signal.StartsWith("no", StringComparison.OrdinalIgnoreCase),
            IsScanned = !values.TryGetValue("scan", out var scan) || scan.StartsWith("finished", StringComparison.OrdinalIgnoreCase),
            SymbolRate = values.TryGetValue("symbol rate", out var rate) && double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var symbols) && symbols is >= 0 and < 1000 ? symbols : null,
            Fingerprint = string.Join('\n', parts.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)),
        };
    }
}
