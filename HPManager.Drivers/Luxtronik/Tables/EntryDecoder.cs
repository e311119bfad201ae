using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>Turns raw numbers into readings and values into raw numbers.</summary>
internal static class EntryDecoder
{
    private const int HighestPercent = 100;
    private const int SecondsPerDay = 86_400;
    private const int MinutesPerDay = 1440;

    // No controller of this kind is older; a date before it is a sign of bytes read out of step.
    private static readonly DateTimeOffset FirstPossible = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The reading of a raw number.</summary>
    /// <param name="entry">Which entry.</param>
    /// <param name="raw">As it came.</param>
    /// <param name="isOldSeries">Whether the controller is a Luxtronik 2.0, where a few scales differ.</param>
    /// <param name="at">Time of the reading.</param>
    public static Reading Decode(LuxtronikEntry entry, int raw, bool isOldSeries, DateTimeOffset at)
    {
        if (entry.Missing.TryGetValue(raw, out var meaning)) return Reading.Missing(at, meaning);
        return entry.Type switch
        {
            EntryType.Number => DecodeNumber(entry, raw, isOldSeries, at),
            EntryType.Switch when raw is not (0 or 1) => Implausible(raw, null, at, "neither on nor off"),
            EntryType.Switch or EntryType.Code => Good(raw, entry.Sensor.Codes?.WordFor(raw), at),
            EntryType.Timestamp => DecodeTime(raw, at),
            EntryType.TimeOfDay => DecodeTimeOfDay(raw, at),
            EntryType.TimeRange => DecodeTimeRange(raw, at),
            EntryType.PumpVolts => raw is >= 0 and <= HighestPercent
                ? Reading.Missing(at, "set in percent on this heat pump")
                : Judge(entry, raw * entry.Scale, null, at),
            _ => raw > HighestPercent ? Reading.Missing(at, "set in volts on this heat pump") : Judge(entry, raw, null, at),
        };
    }

    /// <summary>A moment, as text in UTC.</summary>
    public static Reading DecodeTime(int raw, DateTimeOffset at)
    {
        if (raw == 0) return Reading.Missing(at, "no entry");
        var time = DateTimeOffset.FromUnixTimeSeconds(raw);
        var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return time >= FirstPossible ? new Reading(null, text, Quality.Good, at) : Implausible(null, text, at, "no controller has such a date");
    }

    /// <summary>The raw number to write.</summary>
    /// <param name="entry">Which entry.</param>
    /// <param name="value">In the sensor's unit, or the code; range and step have been checked.</param>
    /// <param name="present">What is there now.</param>
    /// <param name="raw">What to send.</param>
    /// <param name="error">Why nothing can be sent; null when it can.</param>
    public static bool TryEncode(LuxtronikEntry entry, double value, int present, out int raw, out string? error)
    {
        error = entry.Type == EntryType.PumpVolts && present <= HighestPercent ? "This heat pump has the setting in percent; volts cannot be written to it." : null;
        var isCode = value == Math.Truncate(value) && entry.Sensor.Codes?.WordFor((int)value) is not null;
        var exact = entry.Type is EntryType.Number or EntryType.PumpVolts && !isCode ? (value - entry.Offset) / entry.Scale : value;
        var rounded = Math.Round(exact, MidpointRounding.AwayFromZero);
        if (error is null && !(Math.Abs(rounded) <= int.MaxValue)) error = "The value cannot be coded.";
        raw = error is null ? (int)rounded : 0;
        return error is null;
    }

    private static Reading DecodeNumber(LuxtronikEntry entry, int raw, bool isOldSeries, DateTimeOffset at)
    {
        if (entry.Sensor.Codes?.WordFor(raw) is { } word) return Good(raw, word, at);
        if (entry.Wrap > 0 && raw >= entry.Wrap) raw -= entry.Wrap;
        var scale = isOldSeries ? entry.OldScale ?? entry.Scale : entry.Scale;
        return Judge(entry, Tidy((raw * scale) + entry.Offset), null, at);
    }

    // 123456 × 0.1 is 12345.6 and not 12345.600000000001.
    private static double Tidy(double value) => Math.Round(value, 6);

    private static Reading DecodeTimeOfDay(int raw, DateTimeOffset at) => raw is >= 0 and < SecondsPerDay
        ? Good(raw, TimeOfDay(raw / 60), at)
        : Implausible(raw, null, at, "no time of day");

    private static Reading DecodeTimeRange(int raw, DateTimeOffset at)
    {
        var (start, end) = (raw & 0xFFFF, raw >>> 16);
        return start <= MinutesPerDay && end <= MinutesPerDay
            ? new Reading(null, $"{TimeOfDay(start)} to {TimeOfDay(end)}", Quality.Good, at)
            : Implausible(raw, null, at, "no times of day");
    }

    private static string TimeOfDay(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static Reading Judge(LuxtronikEntry entry, double value, string? text, DateTimeOffset at) =>
        entry.Plausible.Contains(value) ? Good(value, text, at) : Implausible(value, text, at, "outside of what is possible");

    private static Reading Good(double value, string? text, DateTimeOffset at) => new(value, text, Quality.Good, at);

    private static Reading Implausible(double? value, string? text, DateTimeOffset at, string reason) => new(value, text, Quality.Implausible, at, reason);
}
