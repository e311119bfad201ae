using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>Turns what a gateway sends into readings, and values into what it takes.</summary>
internal static class ValueCodec
{
    private const int Word = 1 << 16;
    private const int FirstNegative = 1 << 15;
    private const double Largest = 1L << 48;

    /// <summary>A number of a signed word, whichever way its sign came; others as they are.</summary>
    public static double Signed(HusdataEntry entry, double number) =>
        entry.Type == EntryType.Int16 && number is >= FirstNegative and < Word ? number - Word : number;

    /// <summary>The reading of what came.</summary>
    /// <param name="entry">Which entry.</param>
    /// <param name="raw">What came.</param>
    /// <param name="scaling">How the gateway scales numbers of this data type.</param>
    public static Reading Decode(HusdataEntry entry, in RawValue raw, Scaling scaling)
    {
        if (raw.State == RawState.Kept)
        {
            var kept = Decode(entry, raw with { State = RawState.Number }, scaling);
            return kept.IsGood ? kept with { Quality = Quality.Stale, Reason = "kept by the broker from earlier; the gateway has not sent it since" } : kept;
        }

        if (raw.State != RawState.Number) return WithoutNumber(raw);
        if (entry.Type == EntryType.Unknown) return new Reading(raw.Number, null, Quality.Good, raw.At);
        if (raw.IsEngineering)
        {
            // Back to the number that firmware of today sends over HTTP; codes are sent plainly.
            var isCode = entry.Sensor.Codes is not null;
            var number = isCode ? raw.Number : Math.Round(raw.Number * entry.Divisor, 6);
            return DecodeNumber(entry, Signed(entry, number), isCode ? Scaling.H1Native : Scaling.Normalised, raw.At);
        }

        return DecodeNumber(entry, Signed(entry, raw.Number), scaling, raw.At);
    }

    /// <summary>The number to write.</summary>
    /// <param name="entry">A writable entry.</param>
    /// <param name="value">In the sensor's unit, or the code; range and step have been checked.</param>
    /// <param name="scaling">How the gateway scales numbers of this data type.</param>
    /// <param name="factor">What the gateway was found to want the value multiplied by; null when nothing was found.</param>
    /// <param name="raw">What to send.</param>
    /// <param name="error">Why nothing can be sent; null when it can.</param>
    public static bool TryEncode(HusdataEntry entry, double value, Scaling scaling, double? factor, out int raw, out string? error)
    {
        raw = 0;
        factor ??= entry.WriteFactor ?? (entry.IsScaleOpen && scaling == Scaling.Open ? null : DivisorOf(entry, scaling));
        if (factor is not { } times)
        {
            error = "It is not known yet whether this gateway multiplies this setting by ten";
            return false;
        }

        var number = Math.Round(value * times, MidpointRounding.AwayFromZero);
        var isWord = number >= (entry.Type == EntryType.Int16 ? -FirstNegative : 0) && number < FirstNegative;
        error = isWord ? null : "The value does not fit into the heat pump's register";
        if (isWord) raw = (int)number;
        return isWord;
    }

    private static double DivisorOf(HusdataEntry entry, Scaling scaling) => scaling == Scaling.H1Native ? entry.NativeDivisor : entry.Divisor;

    private static Reading WithoutNumber(in RawValue raw) => raw.State switch
    {
        RawState.Absent => Reading.Missing(raw.At, "this gateway does not send it"),
        RawState.Null => Reading.Missing(raw.At, "the gateway sends null"),
        RawState.Twice => Reading.Failed(raw.At, "the gateway sent it twice in one answer"),
        RawState.NotWhole => Reading.Failed(raw.At, string.Create(CultureInfo.InvariantCulture, $"{raw.Number} is no whole number, which the gateway's API sends")),
        RawState.FormOpen => Reading.Missing(raw.At, "it is not known yet whether the gateway publishes tenths"),
        RawState.TooLarge => Reading.Failed(raw.At, "the number is larger than any register holds"),
        _ => Reading.Failed(raw.At, "the gateway sent no number"),
    };

    private static Reading DecodeNumber(HusdataEntry entry, double number, Scaling scaling, DateTimeOffset at)
    {
        if (entry.Type == EntryType.Int16)
        {
            if (number == -FirstNegative) return Reading.Missing(at, "no sensor connected");
            if (number is < -FirstNegative or >= Word) return Reading.Failed(at, "the number is larger than a register holds");
        }
        else if (number < 0 || number > Largest)
        {
            return Reading.Failed(at, "the register does not hold such a number");
        }

        foreach (var missing in entry.Missing)
        {
            if (number >= missing.From && number <= missing.To) return Reading.Missing(at, missing.Meaning);
        }

        if (number == 0 && entry.IsUnreadAtZero) return Reading.Missing(at, "0: no sensor, or the gateway has not read it yet");
        return entry.Type switch
        {
            EntryType.Any => Coded(entry, number == 0 ? 0 : 1, at),
            EntryType.Bool when number is not (0 or 1) => Implausible(number, at, "neither on nor off"),
            _ when entry.Sensor.Codes is not null => DecodeCode(entry, number, scaling, at),
            _ => DecodeScaled(entry, number, scaling, at),
        };
    }

    // A code may come times ten whatever else is known of the gateway; the way that gives a known code is right.
    private static Reading DecodeCode(HusdataEntry entry, double number, Scaling scaling, DateTimeOffset at)
    {
        if (number != Math.Truncate(number) || number > int.MaxValue) return Implausible(number, at, "no code");
        var codes = entry.Sensor.Codes!;
        var plain = codes.WordFor((int)number) is not null;
        var divided = number != 0 && number % 10 == 0 && codes.WordFor((int)number / 10) is not null && (entry.Divisor != 1 || entry.NativeDivisor != 1);
        if (!plain && !divided) return Implausible(number, at, "a code that nobody knows");
        if (plain && divided)
        {
            if (scaling == Scaling.Open && entry.IsScaleOpen) return Implausible((int)number / 10, at, $"it may be {number} as well: the gateway's scaling is not known yet");
            divided = DivisorOf(entry, scaling) != 1;
        }

        return Coded(entry, divided ? (int)number / 10 : (int)number, at);
    }

    private static Reading DecodeScaled(HusdataEntry entry, double number, Scaling scaling, DateTimeOffset at)
    {
        var value = number / DivisorOf(entry, scaling);
        if (entry.IsScaleOpen && number != 0)
        {
            if (scaling == Scaling.Open)
            {
                var other = number / entry.NativeDivisor;
                return Implausible(value, at, string.Create(CultureInfo.InvariantCulture, $"it may be {other:0.###} as well: the gateway's scaling is not known yet"));
            }

            if (entry.IsWhole && value != Math.Truncate(value)) return Implausible(value, at, "no multiple of ten, although this gateway sends all times ten");
        }

        if (entry.Most is { } most && value > most) return Implausible(value, at, "more than can be; check the gateway's scaling");
        return entry.Plausible.Contains(value) ? new Reading(value, null, Quality.Good, at) : Implausible(value, at, "outside of what is possible");
    }

    private static Reading Coded(HusdataEntry entry, int code, DateTimeOffset at) => new(code, entry.Sensor.Codes?.WordFor(code), Quality.Good, at);

    private static Reading Implausible(double value, DateTimeOffset at, string reason) => new(value, null, Quality.Implausible, at, reason);
}
