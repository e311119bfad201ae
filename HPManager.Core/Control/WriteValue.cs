using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Core.Control;

/// <summary>Turns what a person or a program wrote into a value of the sensor, or says what is allowed.</summary>
public static class WriteValue
{
    /// <summary>
    /// Checks a value against the sensor's kind, codes, range and step.
    /// </summary>
    /// <param name="sensor">The sensor.</param>
    /// <param name="text">A number in the sensor's unit with a point, a code or its word, true / false or on / off.</param>
    /// <param name="value">In the sensor's unit, or the code.</param>
    /// <param name="error">What is allowed; null when the value is.</param>
    public static bool TryParse(SensorDefinition sensor, string text, out double value, out string? error)
    {
        text = text.Trim();
        error = Read(sensor, text, out value) ? Check(sensor, value) : $"must be {Allowed(sensor)}";
        return error is null;
    }

    /// <summary>What may be written, in words: <c>a number from 35 to 95 °C in steps of 1</c>.</summary>
    public static string Allowed(SensorDefinition sensor)
    {
        if (sensor.Kind == ValueKind.Text) return "nothing: texts are not written";
        if (sensor.Codes is { } codes && sensor.Kind is ValueKind.Code or ValueKind.Switch or ValueKind.Flags)
            return "one of " + string.Join(", ", sensor.Codes!.Entries.Select(entry => $"{entry.Key} ({entry.Value})"));
        if (sensor.Kind == ValueKind.Switch) return "0 or 1";
        var unit = sensor.Unit == Unit.None ? "" : " " + sensor.Unit.Symbol;
        var ends = (sensor.Range.Min, sensor.Range.Max) switch
        {
            ({ } min, { } max) => $" from {Number(min)} to {Number(max)}",
            ({ } min, null) => $" of at least {Number(min)}",
            (null, { } max) => $" of at most {Number(max)}",
            _ => "",
        };
        var step = sensor.Range.Step is { } size ? $" in steps of {Number(size)}" : "";
        var words = sensor.Codes is null ? "" : ", or " + string.Join(", ", sensor.Codes.Entries.Select(entry => $"{entry.Key} ({entry.Value})"));
        return $"a number{ends}{unit}{step}{words}";
    }

    private static bool Read(SensorDefinition sensor, string text, out double value)
    {
        if (sensor.Codes is { } codes && codes.TryCodeFor(text, out var code))
        {
            value = code;
            return true;
        }

        if (sensor.Kind == ValueKind.Switch && bool.TryParse(text, out var on))
        {
            value = on ? 1 : 0;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static string? Check(SensorDefinition sensor, double value)
    {
        var allowed = sensor.Kind switch
        {
            ValueKind.Text => false,
            ValueKind.Code when sensor.Codes is not null => IsWhole(value) && sensor.Codes.WordFor((int)value) is not null,
            ValueKind.Switch => value is 0 or 1,
            _ => (sensor.Range.Contains(value) && IsOnStep(value, sensor.Range)) || IsDocumentedCode(sensor, value),
        };
        return allowed ? null : $"must be {Allowed(sensor)}";
    }

    // A number may have codes beside its range: -1 for "not supplied".
    private static bool IsDocumentedCode(SensorDefinition sensor, double value) => IsWhole(value) && sensor.Codes?.WordFor((int)value) is not null;

    private static bool IsOnStep(double value, ValueRange range)
    {
        if (range.Step is not { } step) return true;
        var steps = (value - (range.Min ?? 0)) / step;
        return Math.Abs(steps - Math.Round(steps)) < 1e-6;
    }

    private static bool IsWhole(double value) => value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue;

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
