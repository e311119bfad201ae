using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// Turns registers into readings, as a <see cref="ModbusPoint"/> says. Sentinels end here. Pure and thread-safe; numbers and
/// codes are decoded without allocation.
/// </summary>
public static class RegisterDecoder
{
    /// <summary>Most registers of one point: a text of 64 characters.</summary>
    public const int MaxWords = 32;

    private const string NotAvailable = "not available";

    // A scale is one over a divisor; six decimals hold every divisor that is a power of ten, and are enough for the others (1/60 h).
    private const int MaxDecimals = 6;

    /// <summary>Decodes one point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="words">Its registers, the first at index 0; more are ignored. A coil or discrete input is 0 or 1.</param>
    /// <param name="at">Timestamp of the reading.</param>
    /// <returns>
    /// A good reading; a missing one for sentinels, NaN and infinity; an implausible one, with its value, outside a measured range. A code
    /// without a word is a good number without text.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer registers than the point takes.</exception>
    public static Reading Decode(ModbusPoint point, ReadOnlySpan<ushort> words, DateTimeOffset at)
    {
        if (words.Length < point.Words) throw new ArgumentException($"{words.Length} registers for {point.Words}", nameof(words));
        if (point.Type.IsText()) return DecodeText(point, words[..point.Words], at);
        var raw = RawOf(point, words);
        if (!double.IsFinite(raw)) return Reading.Missing(at, NotAvailable);

        // The meaning of a part is not that of the whole: a missing word is looked for before bits are picked out or registers added.
        var isPart = point.Bits is not null || point.Plus.Count > 0;
        if (isPart && SentinelOf(point, raw) is { } whole) return Reading.Missing(at, whole.Meaning);
        if (point.Bits is { } bits) raw = bits.Of(raw);
        var value = Scaled(raw, point);
        if (point.Plus.Count > 0 && Add(point, words, ref value) is { } part) return Reading.Missing(at, part.Meaning);
        if (!double.IsFinite(value)) return Reading.Missing(at, NotAvailable);

        var sensor = point.Sensor;
        var word = sensor.Codes is { } codes && IsCode(value) ? codes.WordFor((int)value) : null;
        if (word is not null) return new Reading(value, word, Quality.Good, at);
        if (!isPart && SentinelOf(point, raw) is { } sentinel) return Reading.Missing(at, sentinel.Meaning);

        if (sensor is { IsRangePlausibility: true, Range: var range } && !range.Contains(value))
            return new Reading(value, null, Quality.Implausible, at, $"outside of {RangeText(range, sensor.Unit)}");
        var text = sensor is { Kind: ValueKind.Flags, Codes: { } flags } && IsCode(value) ? flags.WordsForFlags((int)value) : null;
        return new Reading(value, text, Quality.Good, at);
    }

    /// <summary>Whether the device says by these registers that it does not have the value at all.</summary>
    /// <param name="point">The point.</param>
    /// <param name="words">Its registers, the first at index 0.</param>
    public static bool IsAbsent(ModbusPoint point, ReadOnlySpan<ushort> words) =>
        SentinelOf(point, RawOf(point, words)) is { IsAbsent: true } sentinel && !IsDocumented(point, sentinel.Raw);

    /// <summary>raw × scale + offset, rounded to the decimals that these can give.</summary>
    internal static double Scaled(double raw, ModbusPoint point) => point.Scale.Equals(1) && point.Offset.Equals(0)
        ? raw
        : Math.Round((raw * point.Scale) + point.Offset, point.Decimals, MidpointRounding.AwayFromZero);

    /// <summary>Whether a value is a whole number that may be a code.</summary>
    internal static bool IsCode(double value) => value is >= int.MinValue and <= int.MaxValue && Math.Truncate(value).Equals(value);

    /// <summary>The decimals that values can have when whole numbers are multiplied by this; at most six.</summary>
    internal static int DecimalsOf(double scale)
    {
        var power = scale;
        for (var decimals = 0; decimals < MaxDecimals; decimals++)
        {
            if (Math.Abs(power - Math.Round(power)) < 1e-9) return decimals;
            power *= 10;
        }

        return MaxDecimals;
    }

    private static Reading DecodeText(ModbusPoint point, ReadOnlySpan<ushort> words, DateTimeOffset at)
    {
        if (point.Type == RegisterType.Text)
        {
            return TextCodes.Read(words, point.ReadOrder) switch
            {
                null => new Reading(null, null, Quality.Failed, at, "the registers hold no text"),
                "" => Reading.Missing(at, "empty"),
                var text => new Reading(null, point.TextCodes?.Explain(text) ?? text, Quality.Good, at),
            };
        }

        if (point.TextCodes?.WordForSubCode(words[1]) is { } noFault) return new Reading(null, noFault, Quality.Good, at);
        if ((SentinelOf(point, words[0]) ?? SentinelOf(point, words[1])) is { } sentinel) return Reading.Missing(at, sentinel.Meaning);
        if (TextCodes.Read(words[..1], point.ReadOrder) is not { } name) return new Reading(null, null, Quality.Failed, at, "the registers hold no fault code");
        if (name.Length == 0) return Reading.Missing(at, "empty");
        var code = string.Create(CultureInfo.InvariantCulture, $"{name}-{words[1]:00}");
        return new Reading(null, point.TextCodes?.Explain(code) ?? code, Quality.Good, at);
    }

    private static double RawOf(ModbusPoint point, ReadOnlySpan<ushort> words)
    {
        var first = point.ReadOrder.IsSwapped() && point.Table.IsOfRegisters() ? Swapped(words[0]) : words[0];
        return point.Type switch
        {
            RegisterType.Bool when point.Bits is not null => first,
            RegisterType.Bool or RegisterType.UInt8 => (byte)first,
            RegisterType.Int8 => unchecked((sbyte)first),
            RegisterType.Int16 => unchecked((short)first),
            RegisterType.UInt16 or RegisterType.FaultCode or RegisterType.Text => first,
            RegisterType.Int32 => unchecked((int)Joined(words[..2], point.ReadOrder)),
            RegisterType.UInt32 => Joined(words[..2], point.ReadOrder),
            RegisterType.Float32 => SevenDigits(BitConverter.UInt32BitsToSingle((uint)Joined(words[..2], point.ReadOrder))),
            RegisterType.Int64 => unchecked((long)Joined(words[..4], point.ReadOrder)),
            RegisterType.UInt64 => Joined(words[..4], point.ReadOrder),
            _ => BitConverter.UInt64BitsToDouble(Joined(words[..4], point.ReadOrder)),
        };
    }

    private static ulong Joined(ReadOnlySpan<ushort> words, RegisterOrder order)
    {
        var (low, swapped) = (order.IsLowWordFirst(), order.IsSwapped());
        ulong joined = 0;
        for (var index = 0; index < words.Length; index++)
        {
            var word = words[low ? words.Length - 1 - index : index];
            joined = (joined << 16) | (swapped ? Swapped(word) : word);
        }

        return joined;
    }

    private static ushort Swapped(ushort word) => (ushort)((word << 8) | (word >> 8));

    private static Sentinel? Add(ModbusPoint point, ReadOnlySpan<ushort> words, ref double value)
    {
        for (var index = 0; index < point.Plus.Count; index++)
        {
            var addend = point.Plus[index];
            var raw = RawOf(point, words[addend.Offset..]);
            if (!double.IsFinite(raw)) return new Sentinel(raw, NotAvailable);
            if (SentinelOf(point, raw) is { } sentinel) return sentinel;
            value += raw * addend.Scale;
        }

        value = Math.Round(value, MaxDecimals, MidpointRounding.AwayFromZero);
        return null;
    }

    // By index: the enumerator of an interface is an object, and this runs for every register of every poll.
    private static Sentinel? SentinelOf(ModbusPoint point, double raw)
    {
        for (var index = 0; index < point.Sentinels.Count; index++)
        {
            if (raw.Equals(point.Sentinels[index].Raw)) return point.Sentinels[index];
        }

        return null;
    }

    private static bool IsDocumented(ModbusPoint point, double raw) =>
        point.Bits is null && point.Sensor.Codes is { } codes && IsCode(Scaled(raw, point)) && codes.WordFor((int)Scaled(raw, point)) is not null;

    /// <summary>
    /// A single has about seven digits; widened as it is, 6.7 would read 6.699999809. The conversion to decimal rounds to seven.
    /// </summary>
    private static double SevenDigits(float value) => Math.Abs(value) is > 1e-20f and < 1e20f ? (double)(decimal)value : value;

    private static string RangeText(ValueRange range, Unit unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(range.Min is { } min ? $"{min}" : "…")} to {(range.Max is { } max ? $"{max}" : "…")} {unit.Symbol}").TrimEnd();
}
