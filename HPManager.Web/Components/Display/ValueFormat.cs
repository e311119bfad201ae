using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Display;

/// <summary>How values are written for a person: decimals by unit, separators by the viewer's culture. The only place that does it.</summary>
public static class ValueFormat
{
    /// <summary>Stands where there is no value.</summary>
    public const string Dash = "–";

    /// <summary>A number without its unit.</summary>
    public static string Number(double value, Unit unit)
    {
        // A plain number may be a count or a factor: decimals only where it has some.
        var pattern = unit == Unit.None ? "#,##0.##" : "#,##0." + new string('0', unit.Decimals);
        var text = value.ToString(pattern.TrimEnd('.'), CultureInfo.CurrentCulture);
        var isNegativeZero = text.Length > 0 && value < 0 && text.All(c => c is '0' || !char.IsAsciiDigit(c));
        return isNegativeZero ? Number(0, unit) : text.Replace(CultureInfo.CurrentCulture.NumberFormat.NegativeSign, "−", StringComparison.Ordinal);
    }

    /// <summary>A number with its unit, separated by a space that does not break.</summary>
    public static string WithUnit(double value, Unit unit) =>
        unit == Unit.None ? Number(value, unit) : $"{Number(value, unit)}\u00a0{unit.Symbol}";

    /// <summary>A reading without its unit; a dash where there is no value.</summary>
    public static string Reading(SensorDefinition sensor, Reading reading)
    {
        if (!string.IsNullOrEmpty(reading.Text)) return sensor.Kind is ValueKind.Text ? reading.Text : Words(reading.Text);
        if (reading.Value is not { } value) return Dash;
        return sensor.Kind switch
        {
            ValueKind.Switch => value == 0 ? "Off" : "On",
            ValueKind.Code or ValueKind.Flags => $"Code {value.ToString("0", CultureInfo.InvariantCulture)}",
            _ => Number(value, sensor.Unit),
        };
    }

    /// <summary>The moment that a text tells, as the devices' drivers write one: <c>2026-01-15T06:30:00Z</c>; null for every other reading.</summary>
    public static DateTimeOffset? MomentOf(SensorDefinition sensor, Reading reading) =>
        sensor.Kind is ValueKind.Text && DateTimeOffset.TryParseExact(
            reading.Text, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;

    /// <summary>The unit that belongs behind <see cref="Reading"/>; empty where none does.</summary>
    public static string UnitOf(SensorDefinition sensor, Reading reading) =>
        reading.Value is not null && string.IsNullOrEmpty(reading.Text) && sensor.Kind is ValueKind.Number or ValueKind.Counter ? sensor.Unit.Symbol : "";

    /// <summary>A key or a code's word as a person writes it: <c>hot_water</c> becomes <c>Hot water</c>.</summary>
    public static string Words(string key)
    {
        var words = key.Replace('_', ' ').Trim();
        return words.Length == 0 ? words : char.ToUpper(words[0], CultureInfo.CurrentCulture) + words[1..];
    }

    /// <summary>A sensor's label with its circuit, unless the label names it.</summary>
    public static string LabelOf(SensorDefinition sensor) => sensor.Circuit is { } circuit && !sensor.Label.Contains(circuit, StringComparison.OrdinalIgnoreCase)
        ? $"{sensor.Label}, {Words(circuit)}"
        : sensor.Label;

    /// <summary>A count with the locale's separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A span of time in its two largest units: <c>12 s</c>, <c>3 min</c>, <c>2 h 5 min</c>, <c>4 d</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 24, Minutes: 0 } => $"{(int)span.TotalHours} h",
        { TotalHours: < 24 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d",
    };

    /// <summary>An age: <c>just now</c>, <c>12 s ago</c>.</summary>
    public static string Age(TimeSpan age) => age < TimeSpan.FromSeconds(3) ? "just now" : $"{Duration(age)} ago";
}
