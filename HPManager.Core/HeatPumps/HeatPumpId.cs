using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.HeatPumps;

/// <summary>The id of a configured heat pump: <c>hp-001</c>, <c>hp-002</c>, …, or <c>hp-</c> and a short name. <c>default</c> is no id.</summary>
[JsonConverter(typeof(TextValueJsonConverter<HeatPumpId>))]
public readonly record struct HeatPumpId : ITextValue<HeatPumpId>
{
    private const string Prefix = "hp-";
    private readonly string? _value;

    private HeatPumpId(string value) => _value = value;

    /// <inheritdoc/>
    public static string Format => "hp- followed by 1 to 29 lower case letters, digits or hyphens, such as hp-001";

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <summary>The id of a running number, at least three digits.</summary>
    public static HeatPumpId FromNumber(int number) => new(Prefix + number.ToString("000", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out HeatPumpId value)
    {
        var valid = text is { Length: > 3 and <= 32 } && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        value = valid ? new HeatPumpId(text!) : default;
        return valid;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static HeatPumpId Parse(string text) => TextValue.Parse<HeatPumpId>(text);

    /// <summary>The running number, when it has one.</summary>
    public int? Number => int.TryParse(Value.AsSpan(Math.Min(Prefix.Length, Value.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
