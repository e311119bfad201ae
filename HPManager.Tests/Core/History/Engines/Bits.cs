using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Numbers of any size and precision, which an engine must give back as they are.</summary>
internal static class Bits
{
    private static readonly double[] Odd =
    [
        0, -0.0, double.MaxValue, double.MinValue, double.Epsilon, -double.Epsilon, 0.1 + 0.2, 1.0 / 3, 1e-9, 1e12, 9007199254740993, 1e16, 1e17, 123456789012345680000.0, 1e21, 1e-7,
    ];

    public static async Task CheckAsync(IHistoryEngine engine)
    {
        var start = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
        var random = new Random(4711);
        var values = Odd.Concat(Enumerable.Range(0, 500).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).Where(double.IsFinite)).ToList();
        var sensor = SensorKey.Parse("bits");
        var pump = HeatPumpId.Parse("hp-bits");
        var block = new HistoryBlock(
            pump,
            [.. values.Select((_, index) => start.AddSeconds(index))],
            [new HistorySeries(sensor, [.. values.Select(value => new StoredReading(value, null, Quality.Good))])]);

        var receipt = await engine.WriteAsync(new EngineBatch(new EngineHeatPump(pump, "Bits", null, "unknown", "unknown", new SensorSet([])), block, false), CancellationToken.None);
        var table = await engine.QueryAsync(new HistoryQuery(pump, [sensor], start, start.AddSeconds(values.Count), HistoryQuery.MaxPoints), CancellationToken.None);

        Assert.Empty(receipt.Refused);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), table.Columns[0].Last.Select(value => BitConverter.DoubleToInt64Bits(value!.Value)));
    }
}
