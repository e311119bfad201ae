using CsvHelper;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Reads <c>registers.csv</c> line by line; a wrong line is an error and the lines behind it are read on.</summary>
internal static class RegisterTableReader
{
    private const int MaxRows = 5000;
    private const int MaxErrors = 20;
    private const int MaxLineLength = 16_000;

    /// <summary>The columns, in the order in which we write them; a file may have them in any other.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "key", "table", "address", "type", "length", "bits", "order", "plus", "scale", "offset", "unit", "access", "value", "category", "label", "codes",
        "min", "max", "limits", "model_ranges", "step", "write_class", "refresh_s", "signal", "signal_models", "circuit", "repeat", "stride", "when",
        "sentinels", "optional", "read_alone", "models", "notes", "source",
    ];

    /// <summary>The columns that no file may leave out.</summary>
    public static IReadOnlyList<string> RequiredColumns { get; } = ["key", "table", "address", "type", "label"];

    public static IReadOnlyList<RegisterRow> Read(string text, ProfileHeader header, Action<ProfileFormatException> report) =>
        Parse(text, ',', reader => ReadRows(reader, header, report));

    /// <summary>The texts of all lines by column, whatever they say; empty fields are left out.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> ReadTexts(string text, char separator = ',', bool isWhole = true) => Parse(text, separator, reader =>
    {
        if (!reader.Read()) throw new ProfileFormatException(1, "The file is empty.");
        var columns = ReadColumns(FieldsOf(reader), isWhole);
        var rows = new List<IReadOnlyDictionary<string, string>>();
        while (reader.Read() && rows.Count < MaxRows)
        {
            var fields = FieldsOf(reader);
            rows.Add(columns.Where(column => column.Value < fields.Length && fields[column.Value].Length > 0)
                .ToDictionary(column => column.Key, column => fields[column.Value]));
        }

        return rows;
    });

    private static T Parse<T>(string text, char separator, Func<CsvReader, T> read)
    {
        var options = new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaxLineLength,
            TrackLineNumbers = true,
        };
        using var reader = CsvReader.FromText(text, options);
        try
        {
            return read(reader);
        }
        catch (CsvFormatException malformed)
        {
            throw new ProfileFormatException((int)malformed.LineNumber, $"Not readable as CSV: {FirstLine(malformed.Message)}");
        }
    }

    private static List<RegisterRow> ReadRows(CsvReader reader, ProfileHeader header, Action<ProfileFormatException> report)
    {
        if (!reader.Read()) throw new ProfileFormatException(1, "The file is empty.");
        var columns = ReadColumns(FieldsOf(reader));
        var rows = new List<RegisterRow>();
        var errors = 0;
        while (reader.Read())
        {
            var line = (int)reader.LineNumber;
            try
            {
                if (rows.Count == MaxRows) throw new ProfileFormatException(line, $"A profile has at most {MaxRows} registers.");
                if (reader.FieldCount != columns.Count) throw new ProfileFormatException(line, $"The line has {reader.FieldCount} fields instead of {columns.Count}.");
                rows.Add(RegisterRowReader.Read(new RegisterFields(FieldsOf(reader), columns, line), header));
            }
            catch (ProfileFormatException wrong)
            {
                report(wrong);
                if (++errors == MaxErrors) throw new ProfileFormatException(line, $"More than {MaxErrors} lines are wrong; the rest was not read.");
            }
        }

        return rows;
    }

    private static Dictionary<string, int> ReadColumns(string[] names, bool isWhole = true)
    {
        var columns = new Dictionary<string, int>();
        for (var index = 0; index < names.Length; index++)
        {
            if (!Columns.Contains(names[index]))
                throw new ProfileFormatException(1, $"Column '{names[index]}' is not known; known are {string.Join(", ", Columns)}.");
            if (!columns.TryAdd(names[index], index)) throw new ProfileFormatException(1, $"Column '{names[index]}' is there twice.");
        }

        var missing = RequiredColumns.Where(column => isWhole && !columns.ContainsKey(column)).ToList();
        return missing.Count == 0 ? columns : throw new ProfileFormatException(1, $"Columns are missing: {string.Join(", ", missing)}.");
    }

    private static string[] FieldsOf(CsvReader reader)
    {
        var fields = new string[reader.FieldCount];
        for (var index = 0; index < fields.Length; index++) fields[index] = reader.GetString(index);
        return fields;
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r', '.') + ".";
}
