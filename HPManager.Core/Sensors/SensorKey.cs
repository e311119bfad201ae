using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.Sensors;

/// <summary>
/// The name of a sensor within its model: lower snake case, 1 to 96 characters, such as <c>outdoor_temperature</c>.
/// Ordinal equality. <c>default</c> is no key: its <see cref="Value"/> is empty.
/// </summary>
[JsonConverter(typeof(TextValueJsonConverter<SensorKey>))]
public readonly record struct SensorKey : ITextValue<SensorKey>
{
    private readonly string? _value;

    private SensorKey(string value) => _value = value;

    /// <inheritdoc/>
    public static string Format => "lower snake case, 1 to 96 characters, such as outdoor_temperature";

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out SensorKey value)
    {
        var valid = SnakeCase.IsValid(text, maxLength: 96);
        value = valid ? new SensorKey(text!) : default;
        return valid;
    }

    /// <summary>Parses a key that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not a sensor key.</exception>
    public static SensorKey Parse(string text) => TextValue.Parse<SensorKey>(text);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
