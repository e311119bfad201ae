using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.InfluxDb;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>InfluxDB 2.x and 3.x, as far as their documentation goes.</summary>
public sealed class NewerInfluxTests(InfluxdProcess behind) : IClassFixture<InfluxdProcess>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Query_RandomPolls_AnswersAsTheReference(int major)
    {
        await using var server = await NewerInfluxServer.StartAsync(major, behind);
        await using var engine = Connect(server);
        await engine.WriteAsync(new RandomPolls(77, HeatPumpId.Parse("hp-first"), Start).Batch(0, 3, "s1155"), CancellationToken.None);

        await SameAnswers.CheckAsync(engine, () => Task.CompletedTask, 10 + major);

        Assert.Equal(major == 2 ? "InfluxDB 2.7.11" : "InfluxDB 3.2.1", await engine.TestAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Write_FieldHasAnotherTypeThere_TheOthersAreKeptAndItIsNamed(int major)
    {
        await using var server = await NewerInfluxServer.StartAsync(major, behind);
        await using var engine = Connect(server);
        server.IntegerField = "sensor_3";
        var batch = new RandomPolls(5, SameAnswers.Pump, Start).Batch(20, 90, "s1155");

        var receipt = await engine.WriteAsync(batch, CancellationToken.None);

        Assert.StartsWith("sensor_3 of hp-001: ", Assert.Single(receipt.Refused), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(engine, 3));
        Assert.Equal(GoodOf(batch, 4), await CountAsync(engine, 4));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Write_ALineThatCannotBeRead_TheOthersAreKeptAndItsPollIsNamed(int major)
    {
        await using var server = await NewerInfluxServer.StartAsync(major, behind);
        await using var engine = Connect(server);
        var batch = new RandomPolls(5, SameAnswers.Pump, Start).Batch(20, 90, "s1155");
        var bad = batch.Polls.Times[33];
        server.Unparsable = FormattableString.Invariant($" {bad.ToUnixTimeMilliseconds()}");

        var receipt = await engine.WriteAsync(batch, CancellationToken.None);

        var when = bad.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEmpty(receipt.Refused);
        Assert.All(receipt.Refused, refused => Assert.StartsWith($"hp-001 at {when}: ", refused, StringComparison.Ordinal));
        var isGood = batch.Polls.Series[4].Readings[33].IsGood;
        Assert.Equal(GoodOf(batch, 4) - (isGood ? 1 : 0), await CountAsync(engine, 4));
    }

    [Theory]
    [InlineData("token", "wrong", EngineFault.AccessDenied)]
    [InlineData("bucket", "other", EngineFault.NotFound)]
    [InlineData("org", "other", EngineFault.NotFound)]
    public async Task Write_SettingsAreWrong_NothingIsGivenUp(string setting, string value, EngineFault expected)
    {
        await using var server = await NewerInfluxServer.StartAsync(2, behind);
        await using var engine = Connect(server, setting, value);

        var fault = await Assert.ThrowsAsync<EngineException>(
            async () => await engine.WriteAsync(new RandomPolls(5, SameAnswers.Pump, Start).Batch(0, 5, "s1155"), CancellationToken.None));

        Assert.Equal(expected, fault.Fault);
        Assert.Equal(1, server.Writes);
    }

    private static int GoodOf(EngineBatch batch, int sensor) => batch.Polls.Series[sensor].Readings.Count(reading => reading.IsGood);

    private static async Task<int> CountAsync(IHistoryEngine engine, int sensor)
    {
        var table = await engine.QueryAsync(new HistoryQuery(SameAnswers.Pump, [RandomPolls.KeyOf(sensor)], Start, Start.AddDays(1), 2), CancellationToken.None);
        return table.Columns[0].Count.Sum();
    }

    private static IHistoryEngine Connect(NewerInfluxServer server, string? setting = null, string? value = null)
    {
        var type = new InfluxDbType(TimeProvider.System);
        var settings = new Settings([new("url", server.Address), new("token", NewerInfluxServer.Token), new("bucket", NewerInfluxServer.Bucket)]);
        if (setting is not null) settings = settings.With(setting, value);
        return type.Create(type.Parameters.WithDefaults(settings));
    }
}
