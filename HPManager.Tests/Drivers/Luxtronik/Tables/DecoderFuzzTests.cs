using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

/// <summary>Blocks of any content and length: no crash, and nothing that cannot be passes as good.</summary>
public class DecoderFuzzTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Decode_AnyBlocks_NeverThrowsAndBelievesOnlyWhatCanBe(int seed)
    {
        var random = new Random(seed);
        var entries = LuxtronikSamples.Tables.Entries;
        var presence = new PresenceTracker(entries, []);
        for (var i = 0; i < 600; i++)
        {
            var blocks = new LuxtronikBlocks(
                Numbers(random, random.Next(1, 1300)), Numbers(random, random.Next(91, 300)), [.. Numbers(random, random.Next(1, 400)).Select(value => (byte)(value & 3))]);
            presence.Note(blocks);
            for (var position = 0; position < entries.Count; position++)
            {
                var entry = entries[position];
                var raw = blocks.Raw(entry.Block, entry.Index);
                if (raw is null) Assert.NotNull(presence.AbsenceOf(position, blocks));
                else Check(entry, EntryDecoder.Decode(entry, raw.Value, isOldSeries: i % 2 == 0, LuxtronikSamples.At));
            }

            foreach (var sensor in LuxtronikSamples.Tables.Derived) LuxtronikSamples.Derive(sensor.Definition.Key.Value, blocks, tellsStatus: i % 3 == 0);
        }
    }

    private static int[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(3) switch { 0 => random.Next(-1000, 2000), 1 => random.Next(int.MinValue, int.MaxValue), _ => random.Next(0, 3) })];

    private static void Check(LuxtronikEntry entry, Reading reading)
    {
        if (!reading.IsGood)
        {
            Assert.NotNull(reading.Reason);
            return;
        }

        Assert.True(reading.Value is not null || reading.Text is not null);
        if (reading is not { Value: { } value, Text: null }) return;
        Assert.True(double.IsFinite(value));
        if (entry.Sensor.Unit == Unit.Celsius) Assert.InRange(value, -60, 180);
        if (entry.Sensor.Unit == Unit.Percent) Assert.InRange(value, 0, 200);
        if (entry.Sensor.Unit.Symbol == "bar") Assert.InRange(value, 0, 60);
    }
}
