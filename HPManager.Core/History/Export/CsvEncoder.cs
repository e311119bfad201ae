using System.Buffers;
using System.Globalization;
using System.Text;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.History.Export;

/// <summary>
/// RFC 4180 in UTF-8: <c>time</c> and a column per sensor, behind it one with its quality when asked for. Numbers are invariant and come back bit for bit. A text
/// that a spreadsheet would take for a formula gets an apostrophe in front, see <see cref="CsvText"/>.
/// </summary>
internal sealed class CsvEncoder(IReadOnlyList<SensorKey> sensors, bool withQuality) : IExportEncoder
{
    /// <summary>Heading of the times.</summary>
    public const string TimeColumn = "time";

    /// <summary>Behind a sensor's key: the heading of its qualities.</summary>
    public const string QualitySuffix = ".quality";

    /// <summary>How moments are written, UTC.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'";

    private const int LongestTime = 32;

    public void Begin(IBufferWriter<byte> output)
    {
        Write(output, TimeColumn);
        foreach (var sensor in sensors)
        {
            Write(output, ",");
            Write(output, sensor.Value);
            if (withQuality) Write(output, $",{sensor.Value}{QualitySuffix}");
        }

        Write(output, "\r\n");
    }

    public void Row(IBufferWriter<byte> output, DateTimeOffset at, IReadOnlyList<StoredReading>?[] columns, int row)
    {
        at.UtcDateTime.TryFormat(output.GetSpan(LongestTime), out var written, TimeFormat, CultureInfo.InvariantCulture);
        output.Advance(written);
        foreach (var column in columns)
        {
            Write(output, ",");
            var reading = column?[row] ?? default;
            if (withQuality || reading.Quality == Quality.Good) WriteValue(output, reading);
            if (!withQuality) continue;
            Write(output, ",");
            if (reading.Quality is { } quality) Write(output, SnakeCaseEnum.Key(quality));
        }

        Write(output, "\r\n");
    }

    public void End(IBufferWriter<byte> output)
    {
        // Nothing stands behind the last row.
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private static void WriteValue(IBufferWriter<byte> output, StoredReading reading)
    {
        if (reading.Value is { } value)
        {
            if (!double.IsFinite(value)) return;
            output.Advance(NumberText.Write(value, output.GetSpan(NumberText.Longest)));
        }
        else if (reading.Text is { } text)
        {
            Write(output, CsvText.Quote(CsvText.Disarm(text)));
        }
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}

/// <summary>Texts in a CSV file.</summary>
internal static class CsvText
{
    private const string Formula = "=+-@\t\r'";

    /// <summary>With an apostrophe in front where a spreadsheet would run the text, or where it begins with one.</summary>
    public static string Disarm(string text) => text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    /// <summary>What <see cref="Disarm"/> was given.</summary>
    public static string Rearm(string text) => text.Length > 1 && text[0] == '\'' && Formula.Contains(text[1], StringComparison.Ordinal) ? text[1..] : text;

    /// <summary>In quotation marks where RFC 4180 asks for them; an empty text too, so that it is not taken for no text.</summary>
    public static string Quote(string text) =>
        text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
}
