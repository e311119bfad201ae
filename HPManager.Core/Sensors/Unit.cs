using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HPManager.Core.Sensors;

/// <summary>
/// A physical unit from a closed catalogue, written by its symbol (<c>°C</c>). Equality is by symbol.
/// <see cref="None"/>, which is also <c>default</c>, is for plain numbers, codes and texts.
/// </summary>
[JsonConverter(typeof(UnitJsonConverter))]
public readonly record struct Unit
{
    private static readonly FrozenDictionary<string, int> DecimalsBySymbol = new Dictionary<string, int>
    {
        [""] = 2,
        ["°C"] = 1,
        ["K"] = 1,
        ["kW"] = 2,
        ["W"] = 0,
        ["VA"] = 0,
        ["kWh"] = 1,
        ["MWh"] = 3,
        ["Wh"] = 0,
        ["%"] = 0,
        ["%RH"] = 0,
        ["Hz"] = 0,
        ["rpm"] = 0,
        ["bar"] = 2,
        ["l/min"] = 1,
        ["l"] = 0,
        ["l/h"] = 0,
        ["m³/h"] = 1,
        ["A"] = 1,
        ["mA"] = 0,
        ["V"] = 1,
        ["s"] = 0,
        ["min"] = 0,
        ["h"] = 0,
        ["d"] = 0,
        ["month"] = 0,
        ["DM"] = 0,
        ["€/MWh"] = 2,
        ["€/kWh"] = 3,
    }.ToFrozenDictionary();

    private readonly string? _symbol;

    private Unit(string symbol) => _symbol = symbol;

    /// <summary>No unit: a plain number, a code, a text.</summary>
    public static Unit None => default;

    /// <summary>Degrees Celsius.</summary>
    public static Unit Celsius { get; } = new("°C");

    /// <summary>Kelvin, for differences.</summary>
    public static Unit Kelvin { get; } = new("K");

    /// <summary>Kilowatt.</summary>
    public static Unit Kilowatt { get; } = new("kW");

    /// <summary>Watt.</summary>
    public static Unit Watt { get; } = new("W");

    /// <summary>Kilowatt hour.</summary>
    public static Unit KilowattHour { get; } = new("kWh");

    /// <summary>Per cent.</summary>
    public static Unit Percent { get; } = new("%");

    /// <summary>Hertz.</summary>
    public static Unit Hertz { get; } = new("Hz");

    /// <summary>Litre per minute.</summary>
    public static Unit LitrePerMinute { get; } = new("l/min");

    /// <summary>Every known unit's symbol.</summary>
    public static IReadOnlyCollection<string> KnownSymbols => DecimalsBySymbol.Keys;

    /// <summary>The symbol, empty for <see cref="None"/>.</summary>
    public string Symbol => _symbol ?? "";

    /// <summary>How many decimals a person is shown.</summary>
    public int Decimals => DecimalsBySymbol[Symbol];

    /// <summary>Finds the unit by its symbol; false when the catalogue does not have it.</summary>
    public static bool TryParse(string? symbol, out Unit unit)
    {
        var known = symbol is not null && DecimalsBySymbol.ContainsKey(symbol);
        unit = known && symbol!.Length > 0 ? new Unit(symbol) : None;
        return known;
    }

    /// <inheritdoc/>
    public override string ToString() => Symbol;

    private sealed class UnitJsonConverter : JsonConverter<Unit>
    {
        public override Unit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var unit)
                ? unit
                : throw new JsonException($"unknown unit; known are {string.Join(", ", KnownSymbols)}");

        public override void Write(Utf8JsonWriter writer, Unit value, JsonSerializerOptions options) => writer.WriteStringValue(value.Symbol);
    }
}
