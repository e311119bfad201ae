using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Ebusd.Tables;

/// <summary>
/// What is known of the messages of Vaillant plants. Which of them a plant has, ebusd is asked. The table is ours: a mistake in it is a bug and throws.
/// Immutable and thread-safe.
/// </summary>
internal sealed class EbusdTables
{
    private const string Folder = "Profiles/vaillant/ebusd/";
    private readonly Dictionary<SensorKey, EbusdRow> _byKey;

    private EbusdTables(IReadOnlyList<EbusdRow> rows)
    {
        Rows = rows;
        _byKey = rows.ToDictionary(row => row.Sensor.Key);
        foreach (var needed in rows.Select(row => row.Needs).OfType<SensorKey>().Where(key => !_byKey.ContainsKey(key)))
            throw new FormatException($"{needed} is needed by another row, and is none.");
    }

    /// <summary>All rows. Of several with one signal the first that a plant has carries it.</summary>
    public IReadOnlyList<EbusdRow> Rows { get; }

    /// <summary>Reads the table that comes with the program.</summary>
    public static EbusdTables Load() => Parse(ReadFile("messages.csv"));

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A line is wrong.</exception>
    public static EbusdTables Parse(string text) => new([.. CsvRows.Read(text).Select(RowOf)]);

    /// <summary>The text of one of the embedded files.</summary>
    public static string ReadFile(string name) => ShippedFile.Read(Folder + name);

    /// <summary>The row of a sensor; null for a key that the table does not have.</summary>
    public EbusdRow? Find(SensorKey key) => _byKey.GetValueOrDefault(key);

    private static EbusdRow RowOf(Dictionary<string, string> row)
    {
        var key = SensorKey.Parse(row["key"]);
        var value = Word<EbusdValue>(row, "value");
        var isWritable = row["access"] == "rw";
        var limits = new ValueRange(Number(row, "min"), Number(row, "max"), Number(row, "step"));
        var plausible = new ValueRange(Number(row, "plausible_min"), Number(row, "plausible_max"), null);
        var codes = Text(row, "codes") is { } words ? CodesOf(words) : null;
        var isBounded = codes is not null || limits is { Min: not null, Max: not null, Step: not null };
        if (isWritable && (!isBounded || value is EbusdValue.Date or EbusdValue.Time or EbusdValue.Slot)) throw new FormatException($"{key}: nothing says what may be written.");
        var writeClass = !isWritable ? WriteClass.None : Word<WriteClass>(row, "write_class");
        return new EbusdRow
        {
            Sensor = new SensorDefinition
            {
                Key = key,
                Label = row["label"],
                Category = Word<SensorCategory>(row, "category"),
                Kind = KindOf(value),
                Unit = Unit.TryParse(Text(row, "unit") ?? "", out var unit) ? unit : throw new FormatException($"{key}: unit {row["unit"]}"),
                Access = isWritable ? SensorAccess.ReadWrite : SensorAccess.Read,
                WriteClass = writeClass,
                Range = isWritable ? limits : plausible,
                IsRangePlausibility = !isWritable && plausible is not { Min: null, Max: null },
                Codes = codes,
                Signal = Text(row, "signal") is { } signal ? SignalOf(signal) : null,
                Circuit = Text(row, "circuit"),
                Notes = Text(row, "notes"),
                Source = Text(row, "source"),
                Address = row["messages"].Split(';')[0] + (Number(row, "of") > 1 && value != EbusdValue.Slot ? $" {row["field"]}" : ""),
            },
            Role = Word<CircuitRole>(row, "role"),
            Messages = row["messages"].Split(';'),
            Telegrams = Text(row, "telegrams")?.Split(';') ?? [],
            Field = row["field"],
            Place = (int)(Number(row, "place") ?? 0),
            Count = (int)(Number(row, "of") ?? 1),
            Type = row["type"],
            Value = value,
            Factor = Number(row, "factor") ?? 1,
            Group = Word<ReadGroup>(row, "group"),
            Needs = Text(row, "needs") is { } needs ? SensorKey.Parse(needs) : null,
            Absent = Number(row, "absent"),
            Plausible = plausible,
        };
    }

    private static ValueKind KindOf(EbusdValue value) => value switch
    {
        EbusdValue.Number => ValueKind.Number,
        EbusdValue.Counter => ValueKind.Counter,
        EbusdValue.Code => ValueKind.Code,
        EbusdValue.Switch => ValueKind.Switch,
        _ => ValueKind.Text,
    };

    private static CodeTable CodesOf(string text) => new(
        [.. text.Split(';').Select(entry => entry.Split('=', 2)).Select(parts => KeyValuePair.Create(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))]);

    private static Signal SignalOf(string text) => Signals.TryParse(text, out var signal) ? signal : throw new FormatException($"'{text}' is no signal.");

    private static T Word<T>(Dictionary<string, string> row, string column)
        where T : struct, Enum => SnakeCaseEnum.TryParse<T>(row[column], out var known) ? known : throw new FormatException($"{row["key"]}: {column} '{row[column]}'");

    private static string? Text(Dictionary<string, string> row, string column) => row.GetValueOrDefault(column) is { Length: > 0 } text ? text : null;

    private static double? Number(Dictionary<string, string> row, string column) =>
        Text(row, column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
