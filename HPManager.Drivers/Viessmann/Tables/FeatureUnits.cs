namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>The units that the cloud writes, in their several spellings, and what turns one into another.</summary>
internal static class FeatureUnits
{
    // By dimension, with the factor to the dimension's own unit.
    private static readonly Dictionary<string, (string Dimension, double Factor)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["celsius"] = ("temperature", 1),
        ["kelvin"] = ("difference", 1),
        ["bar"] = ("pressure", 1),
        ["percent"] = ("part", 1),
        ["watt"] = ("power", 0.001),
        ["kilowatt"] = ("power", 1),
        ["wattHour"] = ("energy", 0.001),
        ["kilowattHour"] = ("energy", 1),
        ["seconds"] = ("time", 1),
        ["second"] = ("time", 1),
        ["minute"] = ("time", 60),
        ["minutes"] = ("time", 60),
        ["hour"] = ("time", 3600),
        ["hours"] = ("time", 3600),
        ["day"] = ("time", 86_400),
        ["days"] = ("time", 86_400),
        ["liter/hour"] = ("flow", 1.0 / 60),
        ["liter/minute"] = ("flow", 1),
        ["cubicMeter/hour"] = ("flow", 1000.0 / 60),
        ["ampere"] = ("current", 1),
        ["volt"] = ("voltage", 1),
        ["revolutionsPerSecond"] = ("speed", 1),
        ["rotationPerMinute"] = ("speed", 1.0 / 60),
    };

    // Ours: what one of it is in the dimension's own unit.
    private static readonly Dictionary<string, double> Ours = new()
    {
        ["°C"] = 1,
        ["K"] = 1,
        ["bar"] = 1,
        ["%"] = 1,
        ["kW"] = 1,
        ["kWh"] = 1,
        ["s"] = 1,
        ["min"] = 60,
        ["h"] = 3600,
        ["l/min"] = 1,
        ["A"] = 1,
        ["Hz"] = 1,
    };

    /// <summary>Whether the cloud writes a unit so.</summary>
    public static bool IsKnown(string unit) => Known.ContainsKey(unit);

    /// <summary>
    /// What a number in a unit is multiplied by to be in ours; null when the two do not fit together, and the number must not be shown as if they did.
    /// </summary>
    /// <param name="told">The unit that came with the number; empty for none.</param>
    /// <param name="expected">The units that the number is known to be in, whatever it is called; the first one counts when none came.</param>
    /// <param name="symbol">Our unit's symbol; empty for a plain number.</param>
    public static double? FactorOf(string told, IReadOnlyList<string> expected, string symbol)
    {
        if (symbol.Length == 0) return 1;
        var unit = told.Length == 0 || expected.Contains(told, StringComparer.OrdinalIgnoreCase) ? expected[0] : told;
        if (!Known.TryGetValue(unit, out var source) || source.Dimension != Known[expected[0]].Dimension) return null;
        return source.Factor / Ours[symbol];
    }
}
