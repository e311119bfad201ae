using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// Turns registers into readings and values into registers, as a <see cref="ModbusPoint"/> says. Sentinels end here. Pure and
/// thread-safe; numbers and codes are decoded without allocation.
/// </summary>
public static class RegisterDecoder
{
    private const string NotAvailable = "not available";

    // A scale is one over a divisor; six decimals hold every divisor that is a power of ten, and are enough for the others (1/60 h).
    private const int MaxDecimals = 6;

    /// <summary>Decodes one point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="words">Its registers, the first at index 0; more are ignored.</param>
    /// <param name="at">Timestamp of the reading.</param>
    /// <returns>
    /// A good reading; a missing one for sentinels, NaN and infinity; an implausible one, with its value, outside a measured range. A code
    /// without a word is a good number without text.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer registers than the point takes.</exception>
    public static Reading Decode(ModbusPoint point, ReadOnlySpan<ushort> words, DateTimeOffset at)
    {
        if (words.Length < point.Words) throw new ArgumentException($"{words.Length} registers for {point.Words}", nameof(words));
        var raw = RawOf(point, words);
        if (!double.IsFinite(raw)) return Reading.Missing(at, NotAvailable);

        var sensor = point.Sensor;
        var value = Scaled(raw, point);
        var word = sensor.Codes is { } codes && IsCode(value) ? codes.WordFor((int)value) : null;
        if (word is not null) return new Reading(value, word, Quality.Good, at);
        foreach (var sentinel in point.Sentinels)
        {
            if (raw.Equals(sentinel.Raw)) return Reading.Missing(at, sentinel.Meaning);
        }

        if (sensor is { IsRangePlausibility: true, Range: var range } && !range.Contains(value))
            return new Reading(value, null, Quality.Implausible, at, $"outside of {RangeText(range, sensor.Unit)}");
        var text = sensor is { Kind: ValueKind.Flags, Codes: { } flags } && IsCode(value) ? flags.WordsForFlags((int)value) : null;
        return new Reading(value, text, Quality.Good, at);
    }

    /// <summary>Encodes a value for writing, in the word order of writes.</summary>
    /// <param name="point">The point.</param>
    /// <param name="value">In the sensor's unit, or the code.</param>
    /// <param name="words">Receives the registers; at least <see cref="ModbusPoint.Words"/> long.</param>
    /// <param name="error">What is wrong with the value, in words; null when it was encoded.</param>
    /// <returns>
    /// false for NaN and infinity, for what the type cannot hold, for parts of a whole number, for codes that the sensor does not have, and
    /// for values that the device would take for "not available". Range and step are not checked here.
    /// </returns>
    /// <exception cref="ArgumentException">There is not enough room.</exception>
    public static bool TryEncode(ModbusPoint point, double value, Span<ushort> words, out string? error)
    {
        if (words.Length < point.Words) throw new ArgumentException($"room for {words.Length} registers, {point.Words} needed", nameof(words));
        error = Refusal(point, value, out var raw);
        if (error is not null) return false;
        if (point.Words == 1)
        {
            words[0] = unchecked((ushort)(int)raw);
            return true;
        }

        var bits = point.Type == RegisterType.Float32 ? BitConverter.SingleToUInt32Bits((float)raw) : unchecked((uint)(long)raw);
        var (high, low) = ((ushort)(bits >> 16), (ushort)bits);
        (words[0], words[1]) = point.WriteOrder == WordOrder.LowFirst ? (low, high) : (high, low);
        return true;
    }

    private static string? Refusal(ModbusPoint point, double value, out double raw)
    {
        raw = 0;
        if (!double.IsFinite(value)) return "The value must be a number.";
        var sensor = point.Sensor;
        var isDocumented = sensor.Codes is { } codes && IsCode(value) && codes.WordFor((int)value) is not null;
        if (sensor.Kind is ValueKind.Code or ValueKind.Switch && !isDocumented) return $"The value must be one of: {CodesText(sensor)}.";

        raw = value / point.Scale;
        if (point.Type == RegisterType.Float32)
        {
            if (!float.IsFinite((float)raw)) return "The value is too large for the register.";
            raw = (float)raw;
        }
        else
        {
            var rounded = Math.Round(raw, MidpointRounding.AwayFromZero);
            if (point.Scale.Equals(1) && !rounded.Equals(raw)) return "The value must be a whole number.";
            raw = rounded;
            var (min, max) = LimitsOf(point.Type);
            if (raw < min || raw > max)
                return string.Create(CultureInfo.InvariantCulture, $"The register holds {Scaled(min, point)} to {Scaled(max, point)} only.");
        }

        if (isDocumented) return null;
        foreach (var sentinel in point.Sentinels)
        {
            if (raw.Equals(sentinel.Raw)) return $"The device would take this value for \"{sentinel.Meaning}\".";
        }

        return null;
    }

    private static double RawOf(ModbusPoint point, ReadOnlySpan<ushort> words)
    {
        var first = words[0];
        return point.Type switch
        {
            RegisterType.Bool or RegisterType.UInt8 => (byte)first,
            RegisterType.Int8 => unchecked((sbyte)first),
            RegisterType.Int16 => unchecked((short)first),
            RegisterType.UInt16 => first,
            RegisterType.Int32 => unchecked((int)Joined(point, words)),
            RegisterType.UInt32 => Joined(point, words),
            _ => SevenDigits(BitConverter.UInt32BitsToSingle(Joined(point, words))),
        };
    }

    private static uint Joined(ModbusPoint point, ReadOnlySpan<ushort> words) => point.ReadOrder == WordOrder.LowFirst
        ? ((uint)words[1] << 16) | words[0]
        : ((uint)words[0] << 16) | words[1];

    /// <summary>
    /// A single has about seven digits; widened as it is, 6.7 would read 6.699999809. The conversion to decimal rounds to seven.
    /// </summary>
    private static double SevenDigits(float value) => Math.Abs(value) is > 1e-20f and < 1e20f ? (double)(decimal)value : value;

    private static double Scaled(double raw, ModbusPoint point) =>
        point.Scale.Equals(1) ? raw : Math.Round(raw * point.Scale, DecimalsOf(point.Scale), MidpointRounding.AwayFromZero);

    private static int DecimalsOf(double scale)
    {
        var power = scale;
        for (var decimals = 0; decimals < MaxDecimals; decimals++)
        {
            if (Math.Abs(power - Math.Round(power)) < 1e-9) return decimals;
            power *= 10;
        }

        return MaxDecimals;
    }

    private static bool IsCode(double value) => value is >= int.MinValue and <= int.MaxValue && Math.Truncate(value).Equals(value);

    private static (double Min, double Max) LimitsOf(RegisterType type) => type switch
    {
        RegisterType.Bool => (0, 1),
        RegisterType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        RegisterType.UInt8 => (byte.MinValue, byte.MaxValue),
        RegisterType.Int16 => (short.MinValue, short.MaxValue),
        RegisterType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        RegisterType.Int32 => (int.MinValue, int.MaxValue),
        _ => (uint.MinValue, uint.MaxValue),
    };

    private static string CodesText(SensorDefinition sensor) =>
        string.Join(", ", sensor.Codes?.Entries.Select(entry => $"{entry.Key} ({entry.Value})") ?? []);

    private static string RangeText(ValueRange range, Unit unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(range.Min is { } min ? $"{min}" : "…")} to {(range.Max is { } max ? $"{max}" : "…")} {unit.Symbol}").TrimEnd();
}
