using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>Reads the table of indices that is built into the program. It is ours: a mistake in it is a bug and throws.</summary>
internal static class HusdataTableReader
{
    private const string SensorGroup = "00";
    private static readonly ValueRange PlausibleTemperature = new(-60, 180, null);
    private static readonly CodeTable Switch = new([KeyValuePair.Create(0, "off"), KeyValuePair.Create(1, "on")]);

    /// <summary>The entries of one controller.</summary>
    /// <param name="text">The table.</param>
    /// <param name="controller">The controller's token, as the column <c>brands</c> has it.</param>
    /// <param name="missing">Numbers by which sensors of this controller say that they are not there.</param>
    /// <exception cref="FormatException">A line is wrong.</exception>
    public static IReadOnlyList<HusdataEntry> Read(string text, string controller, IReadOnlyList<MissingNumbers> missing)
    {
        var rows = CsvRows.Read(text).Where(row => row["brands"].Split(';').Contains(controller)).ToList();
        var positions = rows.Index().ToDictionary(row => row.Item["index"], row => row.Index);
        return [.. rows.Select(row => ReadEntry(row, positions, missing))];
    }

    private static HusdataEntry ReadEntry(Dictionary<string, string> row, Dictionary<string, int> positions, IReadOnlyList<MissingNumbers> missing)
    {
        var key = SensorKey.Parse(row["key"]);
        var type = SnakeCaseEnum.TryParse<EntryType>(row["type"], out var known) ? known : throw new FormatException($"{key}: type {row["type"]}");
        var sensor = ReadSensor(row, key, type);
        var divisor = Divisor(row, "scale") ?? 1;
        var isReading = type == EntryType.Int16 && row["index"].StartsWith(SensorGroup, StringComparison.Ordinal);
        return new HusdataEntry
        {
            Sensor = sensor,
            Index = type == EntryType.First ? default : HusdataIndex.Parse(row["index"]),
            Type = type,
            Divisor = divisor,
            NativeDivisor = Divisor(row, "native_scale") ?? divisor,
            WriteFactor = Divisor(row, "write_scale"),
            Proof = Text(row, "write") is { } proof ? ProofOf(proof, key) : WriteProof.None,
            IsWhole = row["whole"] == "true",
            Most = Number(row, "most"),
            IsUnreadAtZero = row["zero"] == "true",
            Plausible = PlausibleOf(sensor.Unit),
            Missing = isReading ? missing : [],
            FirstOf = type == EntryType.First ? [.. row["index"].Split('/').Where(positions.ContainsKey).Select(index => positions[index])] : [],
        };
    }

    private static SensorDefinition ReadSensor(Dictionary<string, string> row, SensorKey key, EntryType type)
    {
        var access = row["access"] switch
        {
            "r" => SensorAccess.Read,
            "rw" => SensorAccess.ReadWrite,
            "w" => SensorAccess.Write,
            var other => throw new FormatException($"{key}: access {other}"),
        };
        var kind = Text(row, "value") is not { } value ? ValueKind.Number
            : SnakeCaseEnum.TryParse<ValueKind>(value, out var parsed) ? parsed : throw new FormatException($"{key}: value {value}");
        var unit = Unit.TryParse(row["unit"], out var knownUnit) ? knownUnit : throw new FormatException($"{key}: unit {row["unit"]}");
        var codes = Text(row, "codes") is { } words ? CodesOf(words) : kind == ValueKind.Switch ? Switch : null;
        var isWritable = access != SensorAccess.Read;
        var range = new ValueRange(Number(row, "min"), Number(row, "max"), isWritable && codes is null ? 1 / (Divisor(row, "write_scale") ?? Divisor(row, "scale") ?? 1) : null);
        if (isWritable && codes is null && range is not { Min: not null, Max: not null }) throw new FormatException($"{key}: nothing says what may be written.");
        var plausible = PlausibleOf(unit);
        return new SensorDefinition
        {
            Key = key,
            Label = row["label"],
            Category = SnakeCaseEnum.TryParse<SensorCategory>(row["category"], out var category) ? category : throw new FormatException($"{key}: category"),
            Kind = kind,
            Unit = unit,
            Access = access,
            WriteClass = !isWritable ? WriteClass.None
                : SnakeCaseEnum.TryParse<WriteClass>(row["write_class"], out var writeClass) ? writeClass : throw new FormatException($"{key}: write class"),
            Range = isWritable ? range : plausible,
            IsRangePlausibility = !isWritable && plausible.Max is not null,
            Codes = codes,
            Signal = Text(row, "signal") is { } signal ? SignalOf(signal) : null,
            Address = type == EntryType.First ? row["index"].Replace("/", " or ", StringComparison.Ordinal) : row["index"],
            Notes = Text(row, "notes"),
            Source = Text(row, "source"),
        };
    }

    private static ValueRange PlausibleOf(Unit unit) => unit switch
    {
        _ when unit == Unit.Celsius => PlausibleTemperature,
        _ when unit == Unit.Percent => new ValueRange(0, 100, null),
        { Symbol: "A" } => new ValueRange(0, 200, null),
        { Symbol: "kW" } => new ValueRange(0, 100, null),
        { Symbol: "W" } => new ValueRange(0, 100_000, null),
        { Symbol: "h" } => new ValueRange(0, 400_000, null),
        _ => default,
    };

    private static CodeTable CodesOf(string text) => new(
        [.. text.Split(';').Select(entry => entry.Split('=', 2)).Select(parts => KeyValuePair.Create(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))]);

    private static WriteProof ProofOf(string text, SensorKey key) =>
        SnakeCaseEnum.TryParse<WriteProof>(text, out var proof) ? proof : throw new FormatException($"{key}: write {text}");

    private static Signal SignalOf(string text) => Signals.TryParse(text, out var signal) ? signal : throw new FormatException($"'{text}' is no signal.");

    private static string? Text(Dictionary<string, string> row, string column) => row.GetValueOrDefault(column) is { Length: > 0 } text ? text : null;

    private static double? Number(Dictionary<string, string> row, string column) =>
        Text(row, column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    // Scales are 1, 0.1, 0.01 or 0.001; dividing by the whole number is exact where multiplying is not.
    private static double? Divisor(Dictionary<string, string> row, string column) => Number(row, column) is { } scale ? Math.Round(1 / scale) : null;
}
