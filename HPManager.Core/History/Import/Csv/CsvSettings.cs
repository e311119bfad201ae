namespace HPManager.Core.History.Import.Csv;

/// <summary>How a file of separated values is read. Immutable.</summary>
public sealed record CsvSettings
{
    /// <summary><c>utf-8</c>, <c>utf-16</c> (little end first), <c>utf-16be</c> or <c>latin1</c>; a mark at the file's begin wins.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Between two fields: comma, semicolon, tab or bar.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Whether numbers are written as <c>21,5</c>.</summary>
    public bool IsDecimalComma { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Which column holds the time, counted from 0.</summary>
    public int TimeColumn { get; init; }

    /// <summary>How times are written, one of <see cref="CsvTimes.Formats"/>.</summary>
    public string TimeFormat { get; init; } = CsvTimes.Iso;

    /// <summary>IANA zone of times that do not name theirs.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Which column names the sensor when there is a row per value; null when there is a column per sensor.</summary>
    public int? SensorColumn { get; init; }

    /// <summary>Which column holds the value when there is a row per value.</summary>
    public int? ValueColumn { get; init; }

    /// <summary>Separators that can be chosen, with words for them.</summary>
    public static IReadOnlyList<(char Separator, string Words)> Separators { get; } = [(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "bar")];

    /// <summary>Encodings that can be chosen, with words for them.</summary>
    public static IReadOnlyList<(string Encoding, string Words)> Encodings { get; } =
        [("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16be", "UTF-16, big end first"), ("latin1", "Western European (Latin 1)")];
}

/// <summary>How a file begins, and how it was understood.</summary>
/// <param name="Settings">How it is read.</param>
/// <param name="Columns">Headings, or <c>Column 1</c> and so on.</param>
/// <param name="Rows">The first rows behind the headings.</param>
public sealed record CsvPreview(CsvSettings Settings, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
