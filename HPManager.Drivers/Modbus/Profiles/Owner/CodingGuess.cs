using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>What registers read as in one coding.</summary>
/// <param name="Type">Word of the type: <c>float32</c>.</param>
/// <param name="Order">Byte order.</param>
/// <param name="Value">Scale and offset applied; null when it is no number, or when a register is missing.</param>
/// <param name="IsLikely">Whether the unit has such values.</param>
public sealed record CodingGuess(string Type, RegisterOrder Order, double? Value, bool IsLikely);

/// <summary>Reads the same words in every coding of a number.</summary>
public static class CodingGuesses
{
    private const double Tiny = 0.001;
    private const double Huge = 1_000_000;

    /// <summary>The types of numbers, narrow ones first.</summary>
    public static IReadOnlyList<RegisterType> Types { get; } =
    [
        RegisterType.Int16, RegisterType.UInt16, RegisterType.Int32, RegisterType.UInt32, RegisterType.Float32,
        RegisterType.Int64, RegisterType.UInt64, RegisterType.Float64,
    ];

    /// <summary>Every guess, by type and then by order; of one register only whether its bytes are swapped.</summary>
    /// <param name="words">Up to four neighbouring words, null for one that could not be read.</param>
    /// <param name="scale">raw × scale + offset = value; greater than 0.</param>
    /// <param name="offset">Added to the scaled value.</param>
    /// <param name="unit">Unit of the value, which says what is likely.</param>
    public static IEnumerable<CodingGuess> Of(IReadOnlyList<ushort?> words, double scale, double offset, Unit unit) =>
        from type in Types
        from order in Enum.GetValues<RegisterOrder>()
        where type.WordsOf() > 1 || !order.IsLowWordFirst()
        let value = Decode(words, type, order, scale, offset)
        select new CodingGuess(ProfileWords.Key(type), order, value, value is { } number && IsLikely(number, unit) && !IsRoundedAway(number, words, type));

    private static double? Decode(IReadOnlyList<ushort?> words, RegisterType type, RegisterOrder order, double scale, double offset)
    {
        var known = words.Take(type.WordsOf()).OfType<ushort>().ToArray();
        if (known.Length < type.WordsOf()) return null;
        var point = new ModbusPoint
        {
            Sensor = new SensorDefinition { Key = SensorKey.Parse("guess"), Label = "Guess", Category = SensorCategory.Other, Kind = ValueKind.Number },
            Table = ModbusTable.HoldingRegister,
            Address = 0,
            Type = type,
            Scale = scale,
            Offset = offset,
            ReadOrder = order,
        };
        return RegisterDecoder.Decode(point, known, default).Value;
    }

    // A float that is next to nothing is nearly always something else.
    private static bool IsRoundedAway(double value, IReadOnlyList<ushort?> words, RegisterType type) =>
        type.IsFloat() && value.Equals(0) && words.Take(type.WordsOf()).Any(word => word != 0);

    // Wide enough for every device: what lies outside is nearly always the wrong coding.
    private static bool IsLikely(double value, Unit unit)
    {
        var (min, max) = unit.Symbol switch
        {
            "°C" => (-60.0, 150.0),
            "K" => (-100, 150),
            "%" or "%RH" => (0, 100),
            "bar" => (-1, 100),
            "Hz" => (0, 500),
            "V" => (0, 1000),
            "A" => (-500, 500),
            _ => (-Huge, Huge),
        };
        return value >= min && value <= max && (value.Equals(0) || Math.Abs(value) >= Tiny);
    }
}
