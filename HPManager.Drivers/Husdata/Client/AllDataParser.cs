using System.Text.Json;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>How an answer was understood.</summary>
/// <param name="Error">Why the whole answer is worth nothing; null when it is a document with indices, or an empty one.</param>
/// <param name="Indices">How many indices it has, known or not.</param>
/// <param name="Members">How many members it has, indices or not.</param>
internal readonly record struct ParsedAnswer(string? Error, int Indices, int Members);

/// <summary>
/// Reads the answer to <c>/api/alldata</c>, a flat object of indices and numbers, from its bytes into values by position. What is wrong with one index
/// stays with this index; only a document that is broken is worth nothing.
/// </summary>
internal static class AllDataParser
{
    // Larger than any counter; every whole number up to here is exact as a double.
    private const double Largest = 1L << 48;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The body.</param>
    /// <param name="map">Positions of the indices that are known.</param>
    /// <param name="values">A value for each position, all absent before.</param>
    /// <param name="at">When the answer was asked for.</param>
    /// <param name="strangers">Takes indices without a position, as many as it has room for.</param>
    public static ParsedAnswer Parse(ReadOnlySpan<byte> json, IndexMap map, Span<RawValue> values, DateTimeOffset at, Strangers strangers)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var reader = new Utf8JsonReader(json, Strict);
        var (indices, members) = (0, 0);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return new ParsedAnswer("the JSON is not an object", 0, 0);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                members++;
                var isIndex = TryIndex(ref reader, out var index);
                reader.Read();
                if (isIndex)
                {
                    indices++;
                    var value = ValueOf(ref reader, at);
                    var position = map.PositionOf(index);
                    if (position < 0) strangers.Add(index, value);
                    else values[position] = values[position].State == RawState.Absent ? value : value with { State = RawState.Twice };
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            }

            while (reader.Read())
            {
                // Only white space may follow; anything else throws.
            }
        }
        catch (JsonException broken)
        {
            return new ParsedAnswer($"the JSON is broken at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}", 0, 0);
        }

        return new ParsedAnswer(null, indices, members);
    }

    private static bool TryIndex(ref Utf8JsonReader reader, out HusdataIndex index)
    {
        if (!reader.ValueIsEscaped) return HusdataIndex.TryParse(reader.ValueSpan, out index);
        Span<byte> name = stackalloc byte[6 * HusdataIndex.Length];
        index = default;
        if (reader.ValueSpan.Length > name.Length) return false;
        try
        {
            return HusdataIndex.TryParse(name[..reader.CopyString(name)], out index);
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for no character.
            return false;
        }
    }

    private static RawValue ValueOf(ref Utf8JsonReader reader, DateTimeOffset at)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                break;
            case JsonTokenType.Null:
                return new RawValue(RawState.Null, 0, IsEngineering: false, at);
            default:
                return new RawValue(RawState.NoNumber, 0, IsEngineering: false, at);
        }

        if (TryShortInteger(reader.ValueSpan, out var number)) return new RawValue(RawState.Number, number, IsEngineering: false, at);
        if (!reader.TryGetDouble(out var value) || !(Math.Abs(value) <= Largest)) return new RawValue(RawState.TooLarge, 0, IsEngineering: false, at);
        return new RawValue(value == Math.Truncate(value) ? RawState.Number : RawState.NotWhole, value, IsEngineering: false, at);
    }

    // JSON's grammar was checked by the reader: what is left are digits, and perhaps a sign, a point or an exponent.
    private static bool TryShortInteger(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        if (text.Length > 9) return false;
        var isNegative = text[0] == '-';
        foreach (var letter in isNegative ? text[1..] : text)
        {
            var digit = letter - '0';
            if ((uint)digit > 9) return false;
            number = (number * 10) + digit;
        }

        if (isNegative) number = -number;
        return true;
    }
}
