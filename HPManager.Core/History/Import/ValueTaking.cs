using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Import;

/// <summary>Makes readings of a sensor out of what a source told. Used by one caller at a time.</summary>
internal sealed class ValueTaking
{
    private static readonly Dictionary<string, double> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["on"] = 1,
        ["off"] = 0,
        ["true"] = 1,
        ["false"] = 0,
        ["open"] = 1,
        ["closed"] = 0,
        ["yes"] = 1,
        ["no"] = 0,
        ["active"] = 1,
        ["inactive"] = 0,
    };

    private readonly SensorDefinition _sensor;
    private readonly Func<double, double> _convert;

    /// <summary>For values in the unit, null for the sensor's own.</summary>
    /// <exception cref="ArgumentException">They cannot become the sensor's with certainty.</exception>
    public ValueTaking(SensorDefinition sensor, string? unit)
    {
        _sensor = sensor;
        _convert = sensor.Kind is ValueKind.Number or ValueKind.Counter
            ? ImportUnits.Conversion(unit, sensor.Unit.Symbol) ?? throw new ArgumentException($"{unit} cannot become {sensor.Unit}", nameof(unit))
            : static value => value;
    }

    /// <summary>The reading; null when the value cannot be one of this sensor, and then the reason.</summary>
    public Reading? Take(ImportPoint point, out string? reason)
    {
        reason = null;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(point.At);
        if (point is { Number: null, Text: null }) return new Reading(null, null, point.Quality ?? Quality.Missing, at);
        if (_sensor.Kind == ValueKind.Text)
            return new Reading(null, point.Text ?? point.Number!.Value.ToString("R", CultureInfo.InvariantCulture), point.Quality ?? Quality.Good, at);
        var value = point.Number is { } number ? _convert(number) : NumberOf(point.Text!);
        if (value is { } known && double.IsFinite(known))
            return new Reading(known, null, point.Quality ?? (_sensor.IsRangePlausibility && !_sensor.Range.Contains(known) ? Quality.Implausible : Quality.Good), at);
        reason = point.Text is { } text ? $"'{Shortened(text)}' is no {Kind}" : "the number is not finite";
        return null;
    }

    private string Kind => _sensor.Kind switch
    {
        ValueKind.Switch => "switch (on, off)",
        ValueKind.Code or ValueKind.Flags when _sensor.Codes is not null => $"code of {_sensor.Label}",
        _ => "number",
    };

    private double? NumberOf(string text)
    {
        if (_sensor.Codes is { } codes && (codes.TryCodeFor(text, out var code) || codes.TryCodeFor(text.Replace('_', ' '), out code))) return code;
        return _sensor.Kind == ValueKind.Switch && Switches.TryGetValue(text, out var on) ? on : null;
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
