using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.InfluxDb;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Against InfluxDB 1.x itself.</summary>
public sealed class InfluxdTests(InfluxdProcess server) : IClassFixture<InfluxdProcess>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

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

    [Fact]
    public async Task Write_RandomBits_ComeBackBitForBit()
    {
        await using var engine = Connect("bits");

        await Bits.CheckAsync(engine);
    }

    [Fact]
    public async Task Test_BeforeAndAfterTheFirstWrite_TellsWhatIsThere()
    {
        await using var engine = Connect("told");

        Assert.Matches("^InfluxDB 1[.][0-9].*; the database told will be made", await engine.TestAsync(CancellationToken.None));
        await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, Start).Batch(0, 20, "s1155"), CancellationToken.None);
        Assert.Matches("^InfluxDB 1[.][0-9.~a-z]*$", await engine.TestAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Query_DatabaseIsMissing_IsNotFound()
    {
        await using var engine = Connect("missing");

        var fault = await Assert.ThrowsAsync<EngineException>(
            async () => await engine.QueryAsync(new HistoryQuery(SameAnswers.Pump, [RandomPolls.KeyOf(0)], Start, Start.AddDays(1), 100), CancellationToken.None));

        Assert.Equal(EngineFault.NotFound, fault.Fault);
    }

    [Fact]
    public async Task Write_FieldsHaveAnotherTypeThere_TheOthersAreKeptAndTheyAreNamed()
    {
        await using var engine = Connect("types");
        var batch = new RandomPolls(5, SameAnswers.Pump, Start).Batch(20, 90, "s1155");
        await AskAsync("query", "q=CREATE%20DATABASE%20types");
        await AskAsync("write?db=types&precision=ms", $"heatpump_metrics,heat_pump_id=hp-x sensor_3=1i,sensor_0=\"text\" {Start.ToUnixTimeMilliseconds()}");

        var receipt = await engine.WriteAsync(batch, CancellationToken.None);
        var table = await engine.QueryAsync(
            new HistoryQuery(SameAnswers.Pump, [RandomPolls.KeyOf(0), RandomPolls.KeyOf(3), RandomPolls.KeyOf(4)], Start, Start.AddDays(1), 2), CancellationToken.None);

        Assert.Equal(["sensor_0", "sensor_3"], receipt.Refused.Select(refused => refused.Split(' ')[0]).Order());
        Assert.Equal([0, 0, batch.Polls.Series[4].Readings.Count(reading => reading.IsGood)], table.Columns.Select(column => column.Count.Sum()));
    }

    [Fact]
    public async Task Write_OlderThanItKeeps_IsRefusedByNameAndTheRestIsKept()
    {
        await using var engine = Connect("short");
        await AskAsync("query", "q=CREATE%20DATABASE%20short%20WITH%20DURATION%201d");
        var recent = new RandomPolls(6, SameAnswers.Pump, DateTimeOffset.UtcNow.AddHours(-2)).Batch(0, 100, "s1155");

        var old = await engine.WriteAsync(new RandomPolls(5, SameAnswers.Pump, Start.AddYears(-1)).Batch(0, 50, "s1155"), CancellationToken.None);
        var kept = await engine.WriteAsync(recent, CancellationToken.None);

        Assert.Contains("beyond retention policy", Assert.Single(old.Refused), StringComparison.Ordinal);
        Assert.Empty(kept.Refused);
    }

    private async Task AskAsync(string path, string body)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, path == "query" ? "application/x-www-form-urlencoded" : "text/plain");
        using var answer = await http.PostAsync(new Uri($"{server.Address}/{path}"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private IHistoryEngine Connect(string database, string layout = "heatpump_metrics")
    {
        var type = new InfluxDbType(TimeProvider.System);
        var settings = new Settings([new("url", server.Address), new("bucket", database), new("layout", layout)]);
        Assert.Empty(type.Parameters.Check(settings, "engine"));
        return type.Create(type.Parameters.WithDefaults(settings));
    }
}
