using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.History.InfluxDb;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Against InfluxDB 1.x itself.</summary>
public sealed class InfluxdTests(InfluxdProcess server) : IClassFixture<InfluxdProcess>
{
    [Theory]
    [InlineData(1, "heatpump_metrics")]
    [InlineData(2, "heatpump_metrics")]
    [InlineData(3, "heatpump")]
    [InlineData(4, "heatpump")]
    public async Task Query_RandomPolls_AnswersAsTheReference(int seed, string layout)
    {
        await using var engine = Connect($"random \"{seed}\"", layout);

        await SameAnswers.CheckAsync(engine, () => Task.CompletedTask, seed);
    }

    private IHistoryEngine Connect(string database, string layout = "heatpump_metrics")
    {
        var type = new InfluxDbType(TimeProvider.System);
        var settings = new Settings([new("url", server.Address), new("bucket", database), new("layout", layout)]);
        Assert.Empty(type.Parameters.Check(settings, "engine"));
        return type.Create(type.Parameters.WithDefaults(settings));
    }
}
