using System.Globalization;
using HPManager.Core.Text;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>The fields of one line of <c>registers.csv</c>, by column. Every error names the line.</summary>
internal sealed class RegisterFields(string[] fields, IReadOnlyDictionary<string, int> columns, int line)
{
    public int Line => line;

    /// <summary>The text of a field; null when it is empty or the file does not have the column.</summary>
    public string? this[string column] => columns.TryGetValue(column, out var index) && fields[index].Trim() is { Length: > 0 } text ? text : null;

    public ProfileFormatException Error(string column, string message) => new(line, $"{column}: {message}", column);

    public string Required(string column, int maxLength)
    {
        var text = this[column] ?? throw Error(column, "must not be empty.");
        return text.Length <= maxLength ? text : throw Error(column, $"must have at most {maxLength} characters.");
    }

    public int Integer(string column, int min, int max)
    {
        var text = this[column];
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Error(column, $"must be a whole number from {min} to {max}, not '{text}'.");
    }

    public int? OptionalInteger(string column, int min, int max) => this[column] is null ? null : Integer(column, min, max);

    public double? Number(string column) => this[column] is { } text ? ParseNumber(column, text) : null;

    public double ParseNumber(string column, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Error(column, $"must be a number such as 0.1, not '{text}'.");

    public bool Flag(string column) => this[column] switch
    {
        null => false,
        "yes" => true,
        var other => throw Error(column, $"must be yes or empty, not '{other}'."),
    };

    public T Word<T>(string column)
        where T : struct, Enum =>
        SnakeCaseEnum.TryParse<T>(this[column], out var value)
            ? value
            : throw Error(column, $"must be one of {string.Join(", ", SnakeCaseEnum.Keys<T>())}, not '{this[column]}'.");

    /// <summary>The value of a word, or the one given when the field is empty.</summary>
    public T Word<T>(string column, T whenEmpty)
        where T : struct, Enum =>
        this[column] is null ? whenEmpty : Word<T>(column);

    public IReadOnlyList<string> List(string column) =>
        this[column]?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Members of the form <c>left=right</c>, separated by semicolons.</summary>
    public IEnumerable<(string Left, string Right)> Pairs(string column)
    {
        foreach (var member in List(column))
        {
            var parts = member.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 } left, { Length: > 0 } right]) throw Error(column, $"'{member}' must be written as left=right.");
            yield return (left, right);
        }
    }
}
