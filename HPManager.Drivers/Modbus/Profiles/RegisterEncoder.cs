using System.Globalization;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Turns values into the registers to write, as a <see cref="ModbusPoint"/> says. Pure and thread-safe.</summary>
public static class RegisterEncoder
{
    /// <summary>Encodes a value for writing, in the byte order of writes.</summary>
    /// <param name="point">The point.</param>
    /// <param name="value">In the sensor's unit, or the code.</param>
    /// <param name="words">Receives the registers; at least <see cref="ModbusPoint.Words"/> long. A coil is 0 or 1.</param>
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
        var bits = BitsOf(point.Type, raw);
        var order = point.WriteOrder;
        for (var index = 0; index < point.Words; index++)
        {
            var word = (ushort)(bits >> (16 * (order.IsLowWordFirst() ? index : point.Words - 1 - index)));
            words[index] = order.IsSwapped() && point.Table.IsOfRegisters() ? (ushort)((word << 8) | (word >> 8)) : word;
        }

        return true;
    }

    private static ulong BitsOf(RegisterType type, double raw) => type switch
    {
        RegisterType.Float32 => BitConverter.SingleToUInt32Bits((float)raw),
        RegisterType.Float64 => BitConverter.DoubleToUInt64Bits(raw),
        _ => unchecked((ulong)(long)raw),
    };

    private static string? Refusal(ModbusPoint point, double value, out double raw)
    {
        raw = 0;
        if (point.Type.IsText() || point.Bits is not null || point.Plus.Count > 0) return "This register can only be read.";
        if (!double.IsFinite(value)) return "The value must be a number.";
        var sensor = point.Sensor;
        var isDocumented = sensor.Codes is { } codes && RegisterDecoder.IsCode(value) && codes.WordFor((int)value) is not null;
        if (sensor.Kind is ValueKind.Code or ValueKind.Switch && !isDocumented) return $"The value must be one of: {CodesText(sensor)}.";

        raw = (value - point.Offset) / point.Scale;
        if (point.Type == RegisterType.Float32)
        {
            if (!float.IsFinite((float)raw)) return "The value is too large for the register.";
            raw = (float)raw;
        }
        else if (point.Type != RegisterType.Float64)
        {
            var rounded = Math.Round(raw, MidpointRounding.AwayFromZero);
            if (point.Scale.Equals(1) && !rounded.Equals(raw)) return "The value must be a whole number.";
            raw = rounded;
            var (min, max) = point.Type.Limits();
            if (raw < min || raw > max)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"The register holds {RegisterDecoder.Scaled(min, point)} to {RegisterDecoder.Scaled(max, point)} only.");
            }
        }

        if (isDocumented) return null;
        foreach (var sentinel in point.Sentinels)
        {
            if (raw.Equals(sentinel.Raw)) return $"The device would take this value for \"{sentinel.Meaning}\".";
        }

        return null;
    }

    private static string CodesText(SensorDefinition sensor) =>
        string.Join(", ", sensor.Codes?.Entries.Select(entry => $"{entry.Key} ({entry.Value})") ?? []);
}
