using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Derived;
using HPManager.Drivers.Luxtronik.Tables;
using HPManager.Tests.Drivers.Luxtronik.Client;

namespace HPManager.Tests.Drivers.Luxtronik.Tables;

/// <summary>The shipped tables, and blocks to read with them.</summary>
internal static class LuxtronikSamples
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 30, TimeSpan.Zero);

    private static readonly Lazy<LuxtronikTables> Read = new(LuxtronikTables.Load);

    public static LuxtronikTables Tables => Read.Value;

    public static LuxtronikEntry Calculation(int index) => Tables.Entries.First(entry => entry.Block == LuxtronikBlock.Calculations && entry.Index == index);

    public static LuxtronikEntry Parameter(int index) => Tables.Entries.First(entry => entry.Block == LuxtronikBlock.Parameters && entry.Index == index);

    public static LuxtronikEntry Entry(string key) => Tables.Entries.Single(entry => entry.Sensor.Key.Value == key);

    public static LuxtronikBlocks Blocks(string firmware = "V3.92.1") =>
        new(new int[1180], FakeController.NewCalculations(firmware), [.. Enumerable.Repeat((byte)1, 380)]);

    /// <summary>The reading of a sensor that follows from several entries.</summary>
    public static Reading Derive(string key, LuxtronikBlocks blocks, bool tellsStatus = true, int writesToday = 0)
    {
        var firmware = FirmwareVersion.Of(blocks.Calculations);
        var facts = new PollFacts(blocks, firmware, firmware.Series < 3, At, At, tellsStatus, writesToday);
        return Tables.Derived.Single(sensor => sensor.Definition.Key.Value == key).Read(facts);
    }
}
