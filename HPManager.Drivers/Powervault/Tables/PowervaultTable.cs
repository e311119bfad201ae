using System.Collections.Frozen;
using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Powervault.Tables;

/// <summary>What is known of the battery's messages, read from the file that comes with the program. Immutable and thread-safe.</summary>
internal sealed class PowervaultTable
{
    private const string Folder = "Profiles/powervault/p3/";
    private const string ModulePlace = "{module_addr}";

    private PowervaultTable(IReadOnlyList<PowervaultValue> rows)
    {
        Values = [.. rows.Where(row => row.PerMember is null)];
        PerModule = rows.Single(row => row.PerMember is not null);
        ByTopic = Values.Select((value, position) => (value.Topic, position)).GroupBy(pair => pair.Topic)
            .ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.position).ToArray());
    }

    /// <summary>Values of the whole battery.</summary>
    public IReadOnlyList<PowervaultValue> Values { get; }

    /// <summary>The value that each module has.</summary>
    public PowervaultValue PerModule { get; }

    /// <summary>Positions within <see cref="Values"/> by topic.</summary>
    public FrozenDictionary<string, int[]> ByTopic { get; }

    /// <summary>Reads the table that comes with the program. It is ours: a mistake in it is a bug and throws.</summary>
    /// <exception cref="FormatException">A line is wrong.</exception>
    public static PowervaultTable Load() => new([.. CsvRows.Read(ReadFile("values.csv")).Select(ReadRow)]);

    /// <summary>The text of one of the embedded files.</summary>
    public static string ReadFile(string name) => ShippedFile.Read(Folder + name);

    /// <summary>The sensor of one module.</summary>
    /// <param name="module">The module's number in the battery's own count.</param>
    public SensorDefinition ModuleSensor(int module)
    {
        var number = module.ToString(CultureInfo.InvariantCulture);
        return PerModule.Sensor with
        {
            Key = SensorKey.Parse($"{PerModule.Sensor.Key}_{number}"),
            Label = PerModule.Sensor.Label.Replace(ModulePlace, number, StringComparison.Ordinal),
        };
    }

    private static PowervaultValue ReadRow(Dictionary<string, string> row)
    {
        var key = row["key"];
        var range = new ValueRange(Number(row, "min"), Number(row, "max"), null);
        return new PowervaultValue
        {
            Sensor = new SensorDefinition
            {
                Key = SensorKey.Parse(key),
                Label = row["label"],
                Category = Word<SensorCategory>(row, "category"),
                Kind = Word<ValueKind>(row, "kind"),
                Unit = Unit.TryParse(row["unit"], out var unit) ? unit : throw new FormatException($"{key}: unit {row["unit"]}"),
                Range = range,
                IsRangePlausibility = range.Max is not null,
                Codes = Text(row, "codes") is { } codes ? CodesOf(codes) : null,
                Signal = Text(row, "signal") is { } name ? Signals.TryParse(name, out var signal) ? signal : throw new FormatException($"{key}: signal {name}") : null,
                Address = $"{row["topic"]}: {row["select"]}",
                Notes = Text(row, "notes"),
                Source = Text(row, "source"),
            },
            Topic = row["topic"],
            Selector = new ValueSelector(row["select"], Text(row, "unless")),
            Coding = Word<ValueCoding>(row, "coding"),
            Scale = Number(row, "scale") ?? 1,
            PerMember = Text(row, "per"),
            Guard = Number(row, "guard"),
            IsRenewed = row["renewed"] == "often",
            IsFault = row["fault"] == "yes",
        };
    }

    private static T Word<T>(Dictionary<string, string> row, string column)
        where T : struct, Enum =>
        SnakeCaseEnum.TryParse<T>(row[column], out var value) ? value : throw new FormatException($"{row["key"]}: {column} {row[column]}");

    private static CodeTable CodesOf(string text) => new(
        [.. text.Split(';').Select(entry => entry.Split('=', 2)).Select(parts => KeyValuePair.Create(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))]);

    private static string? Text(Dictionary<string, string> row, string column) => row.GetValueOrDefault(column) is { Length: > 0 } text ? text : null;

    private static double? Number(Dictionary<string, string> row, string column) =>
        Text(row, column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
