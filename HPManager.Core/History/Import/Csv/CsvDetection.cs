using System.Globalization;
using HPManager.Core.History.Export;

namespace HPManager.Core.History.Import.Csv;

/// <summary>Finds out how a file of separated values is to be read, from its first rows. What it finds is shown and can be corrected.</summary>
internal static class CsvDetection
{
    private const int SampleRows = 200;
    private const int PreviewRows = 8;
    private static readonly string[] SensorHeadings = ["sensor", "entity_id", "entity", "series", "name", "metric", "topic", "register", "key", "variable"];
    private static readonly string[] ValueHeadings = ["value", "state", "val", "wert", "_value", "reading"];

    /// <summary>How the file begins, read as it was said or, with null, as it looks.</summary>
    public static async ValueTask<CsvPreview> LookAsync(string file, CsvSettings? said, CancellationToken cancellationToken)
    {
        var encoding = said?.Encoding ?? await CsvFile.DetectEncodingAsync(file, cancellationToken);
        if (said is not null) return Preview(said, await RowsAsync(file, encoding, said.Separator, PreviewRows + 1, cancellationToken));
        var best = (Separator: ',', Rows: (List<string[]>)[], Score: -1.0);
        foreach (var (separator, _) in CsvSettings.Separators)
        {
            var rows = await RowsAsync(file, encoding, separator, SampleRows, cancellationToken);
            var score = ScoreOf(rows);
            if (score > best.Score) best = (separator, rows, score);
        }

        if (best.Rows.Count == 0) throw new ImportException($"{Path.GetFileName(file)} has no rows.");
        return Preview(Detect(best.Rows, best.Separator) with { Encoding = encoding }, best.Rows);
    }

    /// <summary>A number as the file writes it.</summary>
    public static double? NumberOf(string text, bool isDecimalComma)
    {
        var plain = isDecimalComma ? text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : text;
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Headings, or numbers of columns.</summary>
    public static List<string> Headings(CsvSettings settings, IReadOnlyList<string> first) =>
        [.. first.Select((heading, column) => settings.HasHeader && heading.Trim().Length > 0 ? heading.Trim() : string.Create(CultureInfo.InvariantCulture, $"Column {column + 1}"))];

    private static CsvPreview Preview(CsvSettings settings, List<string[]> rows) => new(
        settings,
        rows.Count == 0 ? [] : Headings(settings, rows[0]),
        [.. rows.Skip(settings.HasHeader ? 1 : 0).Take(PreviewRows)]);

    private static async ValueTask<List<string[]>> RowsAsync(string file, string encoding, char separator, int most, CancellationToken cancellationToken)
    {
        await using var stream = CsvFile.Open(file);
        using var reader = CsvFile.Reader(stream, encoding);
        var records = new CsvRecords(reader, separator);
        var rows = new List<string[]>();
        while (rows.Count < most && await records.NextAsync(cancellationToken))
        {
            if (records.Fault is null && !records.IsEmpty) rows.Add([.. records.Fields]);
        }

        return rows;
    }

    // Many rows of the same width speak for a separator, and a column of times even more: decimal commas make rows of the same width too.
    private static double ScoreOf(List<string[]> rows)
    {
        if (rows.Count == 0) return -1;
        var usual = rows.GroupBy(row => row.Length).MaxBy(group => group.Count())!;
        if (usual.Key == 1) return 0;
        var hasTimes = usual.Skip(1).Take(5).Any(row => row.Any(field => CsvTimes.Detect([field]) is not null));
        return ((double)usual.Count() / rows.Count * (1 + Math.Log(usual.Key))) + (hasTimes ? 10 : 0);
    }

    private static CsvSettings Detect(List<string[]> rows, char separator)
    {
        var width = rows.GroupBy(row => row.Length).MaxBy(group => group.Count())!.Key;
        var all = rows.Where(row => row.Length == width).ToList();
        var hasHeader = all.Count > 1 && !all[0].Any(field => IsNumber(field) || CsvTimes.Detect([field]) is not null);
        var body = hasHeader ? all[1..] : all;
        var columns = Enumerable.Range(0, width).Select(column => body.Select(row => row[column].Trim()).Where(field => field.Length > 0).ToList()).ToList();
        var formats = columns.ConvertAll(column => CsvTimes.Detect(column));
        var time = hasHeader ? Array.FindIndex(all[0], heading => heading.Trim() is CsvEncoder.TimeColumn or "timestamp" or "Time" or "_time") : -1;
        if (time < 0 || formats[time] is null) time = Math.Max(0, formats.FindIndex(format => format is not null));
        var isDecimalComma = separator != ',' && columns.Where((_, column) => column != time).SelectMany(column => column).Any(field => IsNumber(field) && field.Contains(',', StringComparison.Ordinal));
        var settings = new CsvSettings
        {
            Separator = separator,
            IsDecimalComma = isDecimalComma,
            HasHeader = hasHeader,
            TimeColumn = time,
            TimeFormat = formats[time] ?? CsvTimes.Iso,
        };
        return WithLongForm(settings, hasHeader ? all[0] : null, columns);
    }

    // A row per value: a column of names that come again and again, and one of values.
    private static CsvSettings WithLongForm(CsvSettings settings, string[]? header, List<List<string>> columns)
    {
        var others = Enumerable.Range(0, columns.Count).Where(column => column != settings.TimeColumn).ToList();
        var sensor = header is null ? -1 : Named(header, SensorHeadings);
        var value = header is null ? -1 : Named(header, ValueHeadings);
        if (header is null && others.Count == 2)
        {
            sensor = others.FirstOrDefault(column => columns[column].All(field => !IsNumber(field)), -1);
            value = others.FirstOrDefault(column => column != sensor && columns[column].Any(IsNumber), -1);
        }

        return sensor >= 0 && value >= 0 && sensor != settings.TimeColumn && value != settings.TimeColumn
            ? settings with { SensorColumn = sensor, ValueColumn = value }
            : settings;
    }

    private static int Named(string[] header, string[] names) =>
        names.Select(name => Array.FindIndex(header, heading => string.Equals(heading.Trim(), name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(column => column >= 0, -1);

    private static bool IsNumber(string field) => NumberOf(field.Trim(), isDecimalComma: false) is not null || (field.Any(char.IsAsciiDigit) && NumberOf(field.Trim(), isDecimalComma: true) is not null);
}
