namespace HPManager.Core.History.Import;

/// <summary>
/// Units as other programs write them, and how a value is carried from one to another where that is certain. A kelvin may be a temperature or a difference:
/// it is never carried to or from degrees.
/// </summary>
internal static class ImportUnits
{
    // Of each: what it measures, and value in the basic unit = (value - Zero) × Up ÷ Down.
    private static readonly Dictionary<string, Scale> Scales = new()
    {
        ["°C"] = new("temperature", 1, 1),
        ["°F"] = new("temperature", 5, 9, 32),
        ["K"] = new("kelvin", 1, 1),
        ["W"] = new("power", 1, 1),
        ["kW"] = new("power", 1000, 1),
        ["MW"] = new("power", 1_000_000, 1),
        ["Wh"] = new("energy", 1, 1),
        ["kWh"] = new("energy", 1000, 1),
        ["MWh"] = new("energy", 1_000_000, 1),
        ["Pa"] = new("pressure", 1, 100_000),
        ["hPa"] = new("pressure", 1, 1000),
        ["mbar"] = new("pressure", 1, 1000),
        ["kPa"] = new("pressure", 1, 100),
        ["bar"] = new("pressure", 1, 1),
        ["l/min"] = new("flow", 60, 1),
        ["l/h"] = new("flow", 1, 1),
        ["m³/h"] = new("flow", 1000, 1),
        ["l"] = new("volume", 1, 1),
        ["m³"] = new("volume", 1000, 1),
        ["s"] = new("time", 1, 1),
        ["min"] = new("time", 60, 1),
        ["h"] = new("time", 3600, 1),
        ["d"] = new("time", 86_400, 1),
        ["mA"] = new("current", 1, 1000),
        ["A"] = new("current", 1, 1),
        ["mV"] = new("voltage", 1, 1000),
        ["V"] = new("voltage", 1, 1),
    };

    private static readonly Dictionary<string, string> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["C"] = "°C",
        ["℃"] = "°C",
        ["degC"] = "°C",
        ["celsius"] = "°C",
        ["° C"] = "°C",
        ["Grad"] = "°C",
        ["F"] = "°F",
        ["℉"] = "°F",
        ["degF"] = "°F",
        ["fahrenheit"] = "°F",
        ["kelvin"] = "K",
        ["Δ°C"] = "K",
        ["watt"] = "W",
        ["kilowatt"] = "kW",
        ["percent"] = "%",
        ["hertz"] = "Hz",
        ["1/min"] = "rpm",
        ["U/min"] = "rpm",
        ["liter/min"] = "l/min",
        ["lpm"] = "l/min",
        ["m3/h"] = "m³/h",
        ["m3"] = "m³",
        ["L"] = "l",
        ["sec"] = "s",
        ["seconds"] = "s",
        ["minutes"] = "min",
        ["hours"] = "h",
        ["hrs"] = "h",
        ["days"] = "d",
    };

    /// <summary>Symbols that an owner can choose from.</summary>
    public static IReadOnlyCollection<string> Known => Scales.Keys;

    /// <summary>The unit as we write it; the text itself when it is none that we know, null for none.</summary>
    public static string? Normal(string? unit)
    {
        var text = unit?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (Scales.ContainsKey(text)) return text;
        if (Spellings.TryGetValue(text, out var known)) return known;
        return Scales.Keys.FirstOrDefault(symbol => symbol.Length > 1 && symbol != "mW" && string.Equals(symbol, text, StringComparison.OrdinalIgnoreCase) && !IsAmbiguous(text)) ?? text;
    }

    /// <summary>How values are carried over; null when that cannot be done with certainty. A unit that is not given is the sensor's.</summary>
    public static Func<double, double>? Conversion(string? from, string to)
    {
        var unit = Normal(from);
        if (unit is null || unit == (Normal(to) ?? "")) return static value => value;
        if (!Scales.TryGetValue(unit, out var source) || !Scales.TryGetValue(to, out var target) || source.What != target.What) return null;
        return value => ((value - source.Zero) * source.Up * target.Down / (source.Down * target.Up)) + target.Zero;
    }

    // Milli and mega differ by the case alone.
    private static bool IsAmbiguous(string text) => text.StartsWith('m') || text.StartsWith('M');

    private readonly record struct Scale(string What, double Up, double Down, double Zero = 0);
}
