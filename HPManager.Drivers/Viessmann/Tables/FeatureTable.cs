using System.Collections.Frozen;
using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Viessmann.Tables;

/// <summary>The table of features that comes with the program. Immutable and thread-safe.</summary>
internal sealed class FeatureTable
{
    /// <summary>Stands for the index of a circuit or compressor.</summary>
    public const string Placeholder = "{n}";

    /// <summary>Begin of all features of heating circuits that are there several times.</summary>
    public const string CircuitPrefix = "heating.circuits.{n}";

    /// <summary>Begin of all features of compressors that are there several times.</summary>
    public const string CompressorPrefix = "heating.compressors.{n}";

    /// <summary>Indexes go from 0 to one less.</summary>
    public const int Indexes = 10;

    private const string Folder = "Profiles/viessmann/cloud/";

    private FeatureTable(IReadOnlyList<FeatureRow> rows)
    {
        Rows = rows;
        Points = [.. rows.SelectMany(row => row.IsMany ? Enumerable.Range(0, Indexes).Select(index => new FeaturePoint(row, index)) : [new FeaturePoint(row, null)])];
        ByKey = Points.ToFrozenDictionary(point => point.Key);
    }

    /// <summary>The lines.</summary>
    public IReadOnlyList<FeatureRow> Rows { get; }

    /// <summary>Everything that an installation may have, in the table's order.</summary>
    public IReadOnlyList<FeaturePoint> Points { get; }

    /// <summary>The same by key.</summary>
    public FrozenDictionary<SensorKey, FeaturePoint> ByKey { get; }

    /// <summary>Reads the table. It is ours: a mistake in it is a bug and throws.</summary>
    /// <exception cref="FormatException">A line is wrong.</exception>
    public static FeatureTable Load() => new([.. CsvRows.Read(ReadFile("features.csv")).Select(ReadRow)]);

    /// <summary>The text of one of the embedded files.</summary>
    public static string ReadFile(string name) => ShippedFile.Read(Folder + name);

    private static FeatureRow ReadRow(Dictionary<string, string> line)
    {
        var key = line["key"];
        var unit = Unit.TryParse(line["unit"], out var known) ? known : throw Wrong("unit");
        var apiUnits = line["unit_api"].Split('|', StringSplitOptions.RemoveEmptyEntries);
        if (unit != Unit.None && FeatureUnits.FactorOf("", apiUnits, unit.Symbol) is null) throw Wrong("unit_api");
        var write = Filled("command") is { } command ? new FeatureCommand(command, Filled("off_command"), Filled("param"), Filled("with")) : null;
        return new FeatureRow
        {
            Key = key,
            Feature = line["feature"],
            Fallback = Filled("fallback"),
            Property = line["property"],
            Type = SnakeCaseEnum.TryParse<FeatureType>(line["type"], out var type) ? type : throw Wrong("type"),
            ApiUnits = apiUnits,
            Unit = unit,
            Category = SnakeCaseEnum.TryParse<SensorCategory>(line["category"], out var category) ? category : throw Wrong("category"),
            Label = line["label"],
            Signal = Filled("signal") is { } name ? Signals.TryParse(name, out var signal) ? signal : throw Wrong("signal") : null,
            Words = [.. line["codes"].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(ReadWord)],
            Missing = Filled("missing")?.Split('=', 2) is { Length: 2 } missing ? (double.Parse(missing[0], CultureInfo.InvariantCulture), missing[1]) : null,
            Write = write,
            WriteClass = write is null ? WriteClass.None : SnakeCaseEnum.TryParse<WriteClass>(line["write_class"], out var care) ? care : throw Wrong("write_class"),
            Range = new ValueRange(Number("min"), Number("max"), Number("step")),
            StaleAfter = Number("stale_after_h") is { } hours ? TimeSpan.FromHours(hours) : null,
            Notes = Filled("notes"),
            Source = Filled("source"),
        };

        FormatException Wrong(string column) => new($"{key}: {column} '{line[column]}'");
        string? Filled(string column) => line[column] is { Length: > 0 } text ? text : null;
        double? Number(string column) => Filled(column) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    private static FeatureWord ReadWord(string text)
    {
        var parts = text.Split('=', 2);
        var words = parts[1].Split('|', 2);
        return new FeatureWord(int.Parse(parts[0], CultureInfo.InvariantCulture), words[0], words[1]);
    }
}
