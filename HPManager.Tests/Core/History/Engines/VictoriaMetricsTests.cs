using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.VictoriaMetrics;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Against VictoriaMetrics itself.</summary>
public sealed class VictoriaMetricsTests
{
    // It rounds numbers in blocks.
    private const double Loss = 1e-9;

    [Theory]
    [InlineData(1, "names")]
    [InlineData(2, "names")]
    [InlineData(3, "heatpump_metrics")]
    [InlineData(4, "heatpump")]
    public async Task Query_RandomPolls_AnswersAsTheReference(int seed, string format)
    {
        await using var server = await VictoriaMetricsProcess.StartAsync();
        await using var engine = Connect(server, format);

        await SameAnswers.CheckAsync(engine, server.SettleAsync, seed, Loss);
    }

    [Theory]
    [InlineData("names")]
    [InlineData("heatpump_metrics")]
    public async Task Query_WrittenAMomentAgo_IsWhole(string format)
    {
        await using var server = await VictoriaMetricsProcess.StartAsync();
        await using var engine = Connect(server, format);
        var start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 99);
        var sensor = SensorKey.Parse("flow");
        var block = new HistoryBlock(
            SameAnswers.Pump,
            [.. Enumerable.Range(0, 100).Select(second => start.AddSeconds(second))],
            [new HistorySeries(sensor, [.. Enumerable.Range(0, 100).Select(second => new StoredReading(second, null, Quality.Good))])]);
        await engine.WriteAsync(new EngineBatch(new EngineHeatPump(SameAnswers.Pump, "House", null, "nibe", "s1155", new SensorSet([])), block, false), CancellationToken.None);
        await server.SettleAsync();

        var table = await engine.QueryAsync(new HistoryQuery(SameAnswers.Pump, [sensor], start, start.AddSeconds(100), 60), CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(2), table.BucketWidth);
        Assert.Equal(100, table.Columns[0].Count.Sum());
        Assert.Equal(99, table.Columns[0].Last.Last(value => value is not null));
    }

    [Fact]
    public async Task Write_AnotherValueIsThereAlready_IsRefusedByName()
    {
        await using var server = await VictoriaMetricsProcess.StartAsync();
        await using var engine = Connect(server);
        var start = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
        await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, start).Batch(0, 1, "s1155"), CancellationToken.None);

        // Found although nobody waited for it.
        var receipt = await engine.WriteAsync(new RandomPolls(2, SameAnswers.Pump, start).Batch(0, 1, "s1155", mayBeThere: true), CancellationToken.None);

        Assert.NotEmpty(receipt.Refused);
        Assert.All(receipt.Refused, refused => Assert.Contains("keeps another value", refused, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("names")]
    [InlineData("heatpump")]
    public async Task Test_ItAnswers_TellsHowLongItKeeps(string format)
    {
        await using var server = await VictoriaMetricsProcess.StartAsync();
        await using var engine = Connect(server, format);

        Assert.Equal("VictoriaMetrics, which keeps 100y", await engine.TestAsync(CancellationToken.None));
    }

    private static IHistoryEngine Connect(VictoriaMetricsProcess server, string format = "names")
    {
        var type = new VictoriaMetricsType(TimeProvider.System);
        var settings = new Settings([new("url", server.Address), new("format", format)]);
        Assert.Empty(type.Parameters.Check(settings, "engine"));
        return type.Create(type.Parameters.WithDefaults(settings));
    }
}
