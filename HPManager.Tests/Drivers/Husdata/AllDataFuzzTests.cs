using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>Right answers, damaged answers and noise, against a second reading of the same bytes by the library's document model.</summary>
public class AllDataFuzzTests
{
    private const int Cases = 40_000;
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Tokens = ["275", "-26", "65510", "0", "1", "null", "\"x\"", "27.5", "1e400", "1e-320", "true", "[1,[2]]", "{\"0001\":1}", "123456789012", "-0"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_AnyBytes_GivesWhatIsThereOrSaysThatItIsBroken(int seed)
    {
        var random = new Random(seed);
        var table = HusdataTable.Load("ivt", []);
        var values = new GatewayValues(table, allowsUnverifiedWrites: false, Scaling.Normalised, new HusdataFindings());
        for (var i = 0; i < Cases; i++)
        {
            var bytes = Document(random, table);
            if (random.Next(3) == 0) Mutate(random, bytes);
            values.Clear(At);
            var parsed = values.Read(bytes, At);
            var expected = ReadAgain(bytes);

            Assert.Equal(expected is null, parsed.Error is not null);
            if (expected is null) continue;
            Assert.Equal(expected.Count, parsed.Members);
            for (var entry = 0; entry < table.Entries.Count; entry++)
            {
                if (!table.Entries[entry].IsAtGateway) continue;
                var own = expected.Where(member => IndexOf(member) == table.Entries[entry].Index.ToString()).ToList();
                Assert.Equal(Number(own, table.Entries[entry].Type == EntryType.Int16), values.NumberAt(entry));
            }

            var readings = new Reading[values.Registers.Sensors.Count];
            values.ReadAll(readings);
            Assert.All(readings, reading => Assert.True(reading.Value is null || double.IsFinite(reading.Value.Value)));
        }
    }

    private static byte[] Document(Random random, HusdataTable table)
    {
        var text = new StringBuilder("{");
        var count = random.Next(0, 12);
        for (var member = 0; member < count; member++)
        {
            if (member > 0) text.Append(',');
            var entry = table.Entries[random.Next(table.Entries.Count)];
            var name = random.Next(8) == 0 ? "x" : entry.Index.ToString();
            text.Append(CultureInfo.InvariantCulture, $"\"{(random.Next(2) == 0 ? name.ToLowerInvariant() : name)}\":{Tokens[random.Next(Tokens.Length)]}");
        }

        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }

    private static void Mutate(Random random, byte[] bytes)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : "\"{}[],:0\\ "u8[random.Next(10)];
        }
    }

    private static List<JsonProperty>? ReadAgain(byte[] bytes)
    {
        try
        {
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? [.. document.RootElement.EnumerateObject()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string IndexOf(JsonProperty member)
    {
        try
        {
            return member.Name is { Length: 4 } name && name.All(char.IsAsciiHexDigit) ? name.ToUpperInvariant() : "";
        }
        catch (InvalidOperationException)
        {
            // Not UTF-8, or half a character.
            return "";
        }
    }

    private static double? Number(List<JsonProperty> own, bool isSigned)
    {
        if (own.Count != 1 || own[0].Value.ValueKind != JsonValueKind.Number) return null;
        var value = own[0].Value.GetDouble();
        if (value != Math.Truncate(value) || !(Math.Abs(value) <= 1L << 48)) return null;
        return isSigned && value is >= 32768 and <= 65535 ? value - 65536 : value;
    }
}
