using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>What engines never take is counted in full, though only the first few are named.</summary>
public sealed class EngineRefusalsTests
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly StoredReading Good = new(1, null, Quality.Good);

    [Fact]
    public void Receipt_AHundredPollsBeforeTheClockWasRight_AreAllCounted()
    {
        var batch = BatchFrom(DateTimeOffset.UnixEpoch.AddMinutes(1));
        var refusals = new EngineRefusals(batch);

        var readings = new EngineReadings(batch, refusals);

        var receipt = refusals.ToReceipt(readings.Count);
        Assert.Equal((0, 200, EngineReceipt.MostRefused), (receipt.Readings, receipt.RefusedReadings, receipt.Refused.Count));
        Assert.StartsWith("hp-001 at 1970-01-01T00:01:00.000Z: engines keep moments from 1971 to 2068 only", receipt.Refused[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_ASensorIsLeftOut_CountsItsGoodReadingsOnce()
    {
        var batch = BatchFrom(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        var refusals = new EngineRefusals(batch);

        refusals.AddSeries(1, "hot_water_target of hp-001: field type conflict");
        refusals.AddSeries(1, "hot_water_target of hp-001: field type conflict");

        Assert.Equal(100, refusals.ToReceipt(200).RefusedReadings);
    }

    // A third sensor has no value in any poll.
    private static EngineBatch BatchFrom(DateTimeOffset start) => new(
        new EngineHeatPump(Pump, "House", null, "fake", "one", SensorSet.Empty),
        new HistoryBlock(
            Pump,
            [.. Enumerable.Range(0, 100).Select(poll => start.AddSeconds(poll * 30))],
            [
                new HistorySeries(FakeMake.Outdoor.Key, [.. Enumerable.Repeat(Good, 100)]),
                new HistorySeries(FakeMake.Target.Key, [.. Enumerable.Repeat(Good, 100)]),
                new HistorySeries(FakeMake.Mode.Key, [.. Enumerable.Repeat(new StoredReading(null, null, Quality.Missing), 100)]),
            ]),
        MayBeThere: false);
}
