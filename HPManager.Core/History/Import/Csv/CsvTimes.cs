using System.Globalization;

namespace HPManager.Core.History.Import.Csv;

/// <summary>Reads times as files write them. Local times that happen twice are taken in their order. Used by one caller at a time.</summary>
public sealed class CsvTimes
{
    /// <summary>ISO 8601, with a blank instead of the T as well.</summary>
    public const string Iso = "iso";

    private const string DayFirst = "day_first";
    private const string MonthFirst = "month_first";
    private const string UnixSeconds = "unix_s";
    private const string UnixMilliseconds = "unix_ms";
    private const string UnixMicroseconds = "unix_us";
    private const string UnixNanoseconds = "unix_ns";

    private const double LeastShare = 0.6;

    private static readonly string[] Clocks = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF", "h:mm tt", "h:mm:ss tt"];

    private static readonly string[] IsoPatterns =
    [
        .. from day in new[] { "yyyy-MM-dd", "yyyy/MM/dd" }
           from joint in new[] { "'T'", " " }
           from clock in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" }
           from zone in new[] { "", "K", " zzz" }
           select day + joint + clock + zone,
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm:ss 'UTC'",
    ];

    private static readonly string[] DayFirstPatterns = [.. from dot in new[] { "d.M.yyyy", "d/M/yyyy", "d-M-yyyy", "d.M.yy", "d/M/yy" } from clock in Clocks select $"{dot} {clock}"];
    private static readonly string[] MonthFirstPatterns = [.. from dot in new[] { "M/d/yyyy", "M-d-yyyy", "M/d/yy" } from clock in Clocks select $"{dot} {clock}"];

    private readonly string _format;
    private readonly TimeZoneInfo _zone;
    private readonly long _first = DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds();
    private readonly long _last;
    private long _before = long.MinValue;

    /// <summary>For times of one file.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="zone">Zone of times that do not name theirs.</param>
    /// <param name="now">Times more than a day behind it are refused.</param>
    public CsvTimes(string format, TimeZoneInfo zone, DateTimeOffset now)
    {
        _format = format;
        _zone = zone;
        _last = now.AddDays(1).ToUnixTimeMilliseconds();
    }

    /// <summary>Formats that can be chosen, with words for them.</summary>
    public static IReadOnlyList<(string Format, string Words)> Formats { get; } =
    [
        (Iso, "2026-01-31 14:05:00"), (DayFirst, "31.01.2026 14:05"), (MonthFirst, "01/31/2026 2:05 PM"), (UnixSeconds, "Unix seconds"),
        (UnixMilliseconds, "Unix milliseconds"), (UnixMicroseconds, "Unix microseconds"), (UnixNanoseconds, "Unix nanoseconds"),
    ];

    /// <summary>The format that most of some times are written in; null when they are no times, but for a few.</summary>
    public static string? Detect(IReadOnlyCollection<string> samples)
    {
        if (samples.Count == 0) return null;
        var (format, count) = Formats.Select(offered => (offered.Format, Count: samples.Count(text => IsWrittenIn(text.Trim(), offered.Format)))).MaxBy(pair => pair.Count);
        return count > 0 && count >= samples.Count * LeastShare ? format : null;
    }

    /// <summary>The moment in Unix milliseconds; false, and why, when it is none.</summary>
    public bool TryParse(string text, out long moment, out string? reason)
    {
        reason = null;
        moment = 0;
        var parsed = Parse(text.Trim());
        if (parsed is not { } known)
        {
            reason = $"'{(text.Length <= 40 ? text : text[..40] + "…")}' is no time";
            return false;
        }

        moment = known;
        if (moment < _first || moment > _last)
        {
            reason = moment < _first ? "the time is before 1970" : "the time lies in the future";
            return false;
        }

        _before = moment;
        return true;
    }

    private static bool IsWrittenIn(string text, string format) => format switch
    {
        Iso => TryExact(text, IsoPatterns, out _),
        DayFirst => TryExact(text, DayFirstPatterns, out _),
        MonthFirst => TryExact(text, MonthFirstPatterns, out _),
        _ => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && format == FormatOf(number),
    };

    private static string? FormatOf(double number) => number switch
    {
        >= 1e8 and < 1e11 => UnixSeconds,
        >= 1e11 and < 1e14 => UnixMilliseconds,
        >= 1e14 and < 1e17 => UnixMicroseconds,
        >= 1e17 and < 1e20 => UnixNanoseconds,
        _ => null,
    };

    private static bool TryExact(string text, string[] patterns, out DateTime time) =>
        DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);

    private long? Parse(string text)
    {
        var perMillisecond = _format switch { UnixSeconds => 0.001m, UnixMilliseconds => 1m, UnixMicroseconds => 1_000m, UnixNanoseconds => 1_000_000m, _ => 0m };
        if (perMillisecond > 0)
        {
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e21m
                ? (long)Math.Clamp(Math.Floor(number / perMillisecond), -1e15m, 1e15m)
                : null;
        }

        var patterns = _format switch { DayFirst => DayFirstPatterns, MonthFirst => MonthFirstPatterns, _ => IsoPatterns };
        if (!TryExact(text, patterns, out var time)) return null;
        return time.Kind == DateTimeKind.Utc ? new DateTimeOffset(time).ToUnixTimeMilliseconds() : LocalMoment(time);
    }

    private long? LocalMoment(DateTime time)
    {
        if (_zone.IsInvalidTime(time)) return null;
        var offset = _zone.GetUtcOffset(time);
        if (!_zone.IsAmbiguousTime(time)) return new DateTimeOffset(time, offset).ToUnixTimeMilliseconds();
        var offsets = _zone.GetAmbiguousTimeOffsets(time);
        var early = new DateTimeOffset(time, offsets.Max()).ToUnixTimeMilliseconds();
        return early > _before ? early : new DateTimeOffset(time, offsets.Min()).ToUnixTimeMilliseconds();
    }
}
