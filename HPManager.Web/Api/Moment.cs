using System.Globalization;

namespace HPManager.Web.Api;

/// <summary>A moment in a query: ISO 8601, or a span back from now (<c>-24h</c>).</summary>
internal static class Moment
{
    public const string Allowed = "Must be ISO 8601, such as 2026-01-15T06:30:00Z or 2026-01-15 (UTC), or a span back from now, such as -90m, -24h, "
        + "-7d, or now; not before 1970.";

    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Parses a moment since 1970; one without a zone is UTC.</summary>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment) =>
        TryRead(text, now, out moment) && moment >= DateTimeOffset.UnixEpoch;

    private static bool TryRead(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (text == "now")
        {
            moment = now;
            return true;
        }

        if (text.StartsWith('-') && SpanOf(text.AsSpan(1)) is { } ago && ago <= now - DateTimeOffset.UnixEpoch)
        {
            moment = now - ago;
            return true;
        }

        // A + that was not escaped arrives as a blank.
        return DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out moment);
    }

    private static TimeSpan? SpanOf(ReadOnlySpan<char> text)
    {
        // Six digits of weeks are still a span that can be counted with.
        if (text.Length is < 2 or > 7 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        return unit * count;
    }
}
