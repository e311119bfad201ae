using System.Globalization;

namespace HPManager.Core.Text;

/// <summary>Numbers in the shortest invariant text that reads back as the same bits, as in JSON, CSV and line protocol. Thread-safe.</summary>
public static class NumberText
{
    /// <summary>Bytes that no number goes beyond.</summary>
    public const int Longest = 32;

    private const int Scale = 1000;

    // Up to here a number of thousandths has at most 15 digits. No two decimals of 15 digits are the same double, so its own is the shortest.
    private const double MostThousandths = 1e14;

    /// <summary>Writes a number as UTF-8, and gives the count of bytes. What devices tell has three decimals at most: those take a fifth of the time of the others.</summary>
    /// <param name="value">The number; finite where the text is to be read as JSON.</param>
    /// <param name="text">At least <see cref="Longest"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="text"/> is too short.</exception>
    public static int Write(double value, Span<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(text.Length, Longest);
        var thousandths = Math.Round(value * Scale);
        var isDecimal = Math.Abs(thousandths) < MostThousandths && thousandths / Scale == value && (thousandths != 0 || !double.IsNegative(value));
        if (isDecimal) return WriteThousandths((long)thousandths, text);
        value.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
        return written;
    }

    private static int WriteThousandths(long thousandths, Span<byte> text)
    {
        var at = 0;
        if (thousandths < 0) text[at++] = (byte)'-';
        var (whole, rest) = Math.DivRem(Math.Abs(thousandths), Scale);
        whole.TryFormat(text[at..], out var written, default, CultureInfo.InvariantCulture);
        at += written;
        if (rest == 0) return at;
        text[at++] = (byte)'.';
        for (var unit = Scale / 10; rest != 0; unit /= 10)
        {
            text[at++] = (byte)('0' + (rest / unit));
            rest %= unit;
        }

        return at;
    }
}
