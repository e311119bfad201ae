using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>Reads the tables that are built into the program. They are ours: a mistake in them is a bug and throws.</summary>
internal static class EntryTableReader
{
    /// <summary>Lowest and highest temperature that is believed, in °C.</summary>
    private static readonly ValueRange PlausibleTemperature = new(-60, 180, null);

    /// <summary>Lowest and highest pressure that is believed, in bar.</summary>
    private static readonly ValueRange PlausiblePressure = new(0, 60, null);

    /// <summary>A table of entries of one block.</summary>
    /// <exception cref="FormatException">A line is wrong.</exception>
    public static IReadOnlyList<LuxtronikEntry> Read(string text, LuxtronikBlock block) => [.. CsvRows.Read(text).Select(row => ReadEntry(row, block))];

    /// <summary>A table of codes and words.</summary>
    public static CodeTable ReadCodes(string text) =>
        new([.. CsvRows.Read(text).Select(row => KeyValuePair.Create(int.Parse(row["code"], CultureInfo.InvariantCulture), row["word"]))]);

    private static LuxtronikEntry ReadEntry(Dictionary<string, string> row, LuxtronikBlock block)
    {
        var key = SensorKey.Parse(row["key"]);
        var index = int.Parse(row["index"], CultureInfo.InvariantCulture);
        if (PrivateEntries.Contains(block, index)) throw new FormatException($"{key}: this entry is never shown.");
        var type = SnakeCaseEnum.TryParse<EntryType>(row["type"], out var known) ? known : throw new FormatException($"{key}: type {row["type"]}");
        var unit = Unit.TryParse(Text(row, "unit") ?? "", out var parsed) ? parsed : throw new FormatException($"{key}: unit {row["unit"]}");
        var isWritable = row["access"] == "rw";
        var scale = Fraction(Text(row, "scale")) ?? 1;
        var range = new ValueRange(Number(row, "min"), Number(row, "max"), isWritable ? Number(row, "step") ?? scale : null);
        var codes = Text(row, "codes") is { } words ? CodesOf(words) : type == EntryType.Switch ? SwitchWords.Table : null;
        var isBounded = codes is not null || range is { Min: not null, Max: not null };
        if (isWritable && (!isBounded || block != LuxtronikBlock.Parameters)) throw new FormatException($"{key}: nothing says what may be written.");
        var plausible = PlausibleOf(unit, range);
        return new LuxtronikEntry
        {
            Sensor = new SensorDefinition
            {
                Key = key,
                Label = row["label"],
                Category = SnakeCaseEnum.TryParse<SensorCategory>(row["category"], out var category) ? category : throw new FormatException($"{key}: category"),
                Kind = KindOf(type, Text(row, "value")),
                Unit = unit,
                Access = isWritable ? SensorAccess.ReadWrite : SensorAccess.Read,
                WriteClass = isWritable ? WriteClass.Eeprom : WriteClass.None,
                Range = isWritable ? range : plausible,
                IsRangePlausibility = !isWritable && plausible.Max is not null,
                Limits = Text(row, "limits") is { } limits ? LimitsOf(limits) : null,
                Codes = codes,
                Signal = Text(row, "signal") is { } signal ? SignalOf(signal) : null,
                Circuit = Text(row, "circuit"),
                Address = string.Create(CultureInfo.InvariantCulture, $"{(block == LuxtronikBlock.Parameters ? "parameter" : "calculation")} {index}"),
                Notes = Text(row, "notes"),
                Source = Text(row, "source"),
            },
            Block = block,
            Index = index,
            Type = type,
            Scale = scale,
            OldScale = Fraction(Text(row, "scale_series_2")),
            Offset = Number(row, "offset") ?? 0,
            Plausible = plausible,
            Missing = Text(row, "missing") is { } missing ? CodesOf(missing).Entries.ToDictionary() : new Dictionary<int, string>(),
            Idle = Text(row, "idle") is { } idle ? [.. idle.Split(';').Select(raw => int.Parse(raw, CultureInfo.InvariantCulture))] : [],
            Visibility = (int?)Number(row, "visible"),
            Needs = Text(row, "needs") is { } needs ? PresenceRule.Parse(needs) : null,
            Wrap = (int)(Number(row, "wrap") ?? 0),
        };
    }

    private static ValueKind KindOf(EntryType type, string? value) => (type, value) switch
    {
        (EntryType.Switch, _) => ValueKind.Switch,
        (EntryType.Code, _) => ValueKind.Code,
        (EntryType.Timestamp or EntryType.TimeRange, _) => ValueKind.Text,
        (_, "counter") => ValueKind.Counter,
        _ => ValueKind.Number,
    };

    // A setting may be known to reach further than what is possible for a measured value of its unit.
    private static ValueRange PlausibleOf(Unit unit, ValueRange range) => unit switch
    {
        _ when unit == Unit.Celsius => PlausibleTemperature,
        _ when unit == Unit.Percent => new ValueRange(0, Math.Max(100, range.Max ?? 0), null),
        { Symbol: "bar" } => PlausiblePressure,
        { Symbol: "V" } => new ValueRange(range.Min is null ? null : 0, range.Max, null),
        _ => default,
    };

    private static CodeTable CodesOf(string text) => new(
        [.. text.Split(';').Select(entry => entry.Split('=', 2)).Select(parts => KeyValuePair.Create(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))]);

    private static RangeSensors LimitsOf(string text)
    {
        var ends = text.Split(';');
        return new RangeSensors(KeyOf(ends[0]), KeyOf(ends[1]));

        static SensorKey? KeyOf(string key) => key.Length == 0 ? null : SensorKey.Parse(key);
    }

    private static Signal SignalOf(string text) => Signals.TryParse(text, out var signal) ? signal : throw new FormatException($"'{text}' is no signal.");

    private static string? Text(Dictionary<string, string> row, string column) => row.GetValueOrDefault(column) is { Length: > 0 } text ? text : null;

    private static double? Number(Dictionary<string, string> row, string column) =>
        Text(row, column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static double? Fraction(string? text)
    {
        if (text is null) return null;
        var parts = text.Split('/', 2);
        var numerator = double.Parse(parts[0], CultureInfo.InvariantCulture);
        return parts.Length == 2 ? numerator / double.Parse(parts[1], CultureInfo.InvariantCulture) : numerator;
    }
}
