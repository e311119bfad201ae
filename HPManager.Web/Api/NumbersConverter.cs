using System.Text.Json;
using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Web.Api;

/// <summary>
/// Columns of numbers as JSON arrays, null for a gap; what is no number (a mean of infinities) is one too. A day of eight sensors has 70,000: number by number through
/// the serializer they would take longer than all else.
/// </summary>
internal sealed class NumbersConverter : JsonConverter<double?[]>
{
    private const int Chunk = 4096;

    public override double?[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Columns of history are only written.");

    public override void Write(Utf8JsonWriter writer, double?[] value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Chunk];
        var at = 0;
        writer.WriteStartArray();
        foreach (var number in value)
        {
            if (at + NumberText.Longest + 1 > Chunk)
            {
                writer.WriteRawValue(text[..at], skipInputValidation: true);
                at = 0;
            }

            // The writer itself sets the comma between two chunks.
            if (at > 0) text[at++] = (byte)',';
            at += WriteOne(number, text[at..]);
        }

        if (at > 0) writer.WriteRawValue(text[..at], skipInputValidation: true);
        writer.WriteEndArray();
    }

    private static int WriteOne(double? number, Span<byte> text)
    {
        if (number is { } value && double.IsFinite(value)) return NumberText.Write(value, text);
        "null"u8.CopyTo(text);
        return "null"u8.Length;
    }
}
