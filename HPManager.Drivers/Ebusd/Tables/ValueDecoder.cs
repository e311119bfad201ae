using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Ebusd.Tables;

/// <summary>One field of a message as ebusd's definition has it.</summary>
/// <param name="Name">Its name; empty in old definitions.</param>
/// <param name="Type">ebusd's base type: <c>EXP</c>.</param>
/// <param name="Words">Words of its numbers, as <c>0=off;1=on</c>; empty for none.</param>
internal sealed record MessageField(string Name, string Type, string Words);

/// <summary>Turns the values of an answer into readings. A value that cannot be true is never a good one.</summary>
internal static class ValueDecoder
{
    /// <summary>What a value is written as that is not there.</summary>
    private const string None = "-";

    // Shorter than any number that a plant measures, and what a float of rubbish reads as.
    private const double SmallestNumber = 1e-30;

    // Dates that controllers leave the factory with: no holiday.
    private static readonly DateOnly[] FactoryDates = [new(2015, 1, 1), new(2019, 1, 1)];

    /// <summary>The place of a row's value among the values of an answer, from 0; -1 when the definition is not one that the row knows.</summary>
    public static int PlaceOf(EbusdRow row, IReadOnlyList<MessageField> fields)
    {
        if (row.Value == EbusdValue.Slot) return fields.Count is 0 or 3 ? 0 : -1;
        for (var place = 0; place < fields.Count; place++)
        {
            if (string.Equals(fields[place].Name, row.Field, StringComparison.OrdinalIgnoreCase)) return place;
        }

        // Without names the place counts, and only if the whole has the shape that is known.
        return fields.Count == 0 || fields.Count == row.Count ? row.Place - 1 : -1;
    }

    /// <summary>The reading of one sensor from an answer's values.</summary>
    /// <param name="row">Which sensor.</param>
    /// <param name="fields">The message's definition; empty where it is not known.</param>
    /// <param name="answer">The values, parted by semicolons.</param>
    /// <param name="at">When it was true.</param>
    public static Reading Decode(EbusdRow row, IReadOnlyList<MessageField> fields, string answer, DateTimeOffset at)
    {
        var values = answer.Split(';');
        var expected = fields.Count > 0 ? fields.Count : row.Count;
        if (values.Length != expected) return Reading.Failed(at, $"{Counted(values.Length)} instead of {expected}");
        var place = PlaceOf(row, fields);
        if (place < 0) return Reading.Failed(at, "ebusd's definition of the message is not one that is known");
        if (row.Value == EbusdValue.Slot) return DecodeSlot(values, at);
        var text = values[place].Trim();
        if (row.Role == CircuitRole.Ehp && row.Count == 2 && SensorFault(values[1 - place].Trim()) is { } fault) return Reading.Missing(at, fault);
        var field = place < fields.Count ? fields[place] : null;
        return row.Value switch
        {
            _ when text is None or "" => row.Absent is { } absent ? Good(absent, row.Sensor.Codes?.WordFor((int)absent), at) : Reading.Missing(at, "no value"),
            EbusdValue.Code or EbusdValue.Switch => DecodeCode(row, field, text, at),
            EbusdValue.Date => DecodeDate(text, at),
            EbusdValue.Time => DecodeTime(text, at),
            _ => DecodeNumber(row, field, text, at),
        };
    }

    private static Reading DecodeNumber(EbusdRow row, MessageField? field, string text, DateTimeOffset at)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return Reading.Failed(at, "no number where one is due");
        var value = Math.Round(number * row.Factor, 6);
        if (number != 0 && Math.Abs(number) < SmallestNumber) return Implausible(number, null, at, "a number that nothing measures: the register holds something else");
        if (!row.Plausible.Contains(value)) return Implausible(value, null, at, "outside of what is possible");
        return IsCutShort(row, field) ? Implausible(value, null, at, "ebusd's definition takes one byte of a value that has two") : Good(value, null, at);
    }

    // One older definition of the compressor's modulation reads the lower byte alone, which looks like a number that can be true.
    private static bool IsCutShort(EbusdRow row, MessageField? field) => row.Type == "D2C" && field?.Type is "SCH" or "UCH" or "D1C" && row.Role == CircuitRole.HeatPump;

    private static Reading DecodeCode(EbusdRow row, MessageField? field, string text, DateTimeOffset at)
    {
        var codes = row.Sensor.Codes;
        if (!TryCode(row, field, text, out var code)) return Reading.Failed(at, "a word that is not known");
        if (row.Value == EbusdValue.Switch && code is not (0 or 1))
        {
            // Pumps say 100 per cent for on.
            if (codes?.WordFor(code) is null && code != 100) return Implausible(code, null, at, "neither on nor off");
            code = 1;
        }

        return Good(code, codes?.WordFor(code), at);
    }

    private static bool TryCode(EbusdRow row, MessageField? field, string text, out int code)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out code)) return true;

        // A definition knows its own words, which differ from one generation to the next.
        foreach (var entry in (field?.Words ?? "").Split(';'))
        {
            var parts = entry.Split('=', 2);
            if (parts.Length == 2 && string.Equals(parts[1], text, StringComparison.OrdinalIgnoreCase)
                && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out code)) return true;
        }

        return row.Sensor.Codes?.TryCodeFor(text.Replace('_', ' '), out code) ?? false;
    }

    private static Reading DecodeDate(string text, DateTimeOffset at)
    {
        if (text == "-.-.-") return Reading.Missing(at, "no date");
        if (!DateOnly.TryParseExact(text, "dd.MM.yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return Reading.Failed(at, "no date where one is due");
        return FactoryDates.Contains(date)
            ? Reading.Missing(at, "none set")
            : new Reading(null, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Quality.Good, at);
    }

    private static Reading DecodeTime(string text, DateTimeOffset at)
    {
        if (text is "-:-" or "-:-:-") return Reading.Missing(at, "no time");
        return TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? new Reading(null, text, Quality.Good, at)
            : Reading.Failed(at, "no time of day where one is due");
    }

    private static Reading DecodeSlot(string[] values, DateTimeOffset at)
    {
        if (values[0].StartsWith('-') || values[1].StartsWith('-')) return Reading.Missing(at, "the slot is not used");
        var isTimes = IsTime(values[0]) && IsTime(values[1]);
        var isSlot = isTimes && double.TryParse(values[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees);
        return isSlot ? new Reading(null, $"{values[0]} to {values[1]} at {values[2]} °C", Quality.Good, at) : Reading.Failed(at, "no slot of a timer where one is due");

        // The end of a day is 24:00.
        static bool IsTime(string text) => text == "24:00" || TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    private static string? SensorFault(string state) => state switch
    {
        "0" or "ok" => null,
        "85" or "circuit" => "the sensor is short-circuited",
        "170" or "cutoff" => "the sensor is cut off",
        _ => "the sensor's state is not known",
    };

    private static string Counted(int count) => count == 1 ? "1 value" : string.Create(CultureInfo.InvariantCulture, $"{count} values");

    private static Reading Good(double value, string? text, DateTimeOffset at) => new(value, text, Quality.Good, at);

    private static Reading Implausible(double? value, string? text, DateTimeOffset at, string reason) => new(value, text, Quality.Implausible, at, reason);
}
