using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.PostgreSql;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Against PostgreSQL itself, without TimescaleDB.</summary>
public sealed class PostgreSqlTests(PostgreSqlProcess server) : IClassFixture<PostgreSqlProcess>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Query_RandomPolls_AnswersAsTheReference(int seed)
    {
        await using var engine = Connect($"random_{seed}");

        await SameAnswers.CheckAsync(engine, () => Task.CompletedTask, seed);
    }

    [Fact]
    public async Task Query_NothingWrittenYet_IsEmpty()
    {
        await using var engine = Connect("nothing");

        var table = await engine.QueryAsync(new HistoryQuery(SameAnswers.Pump, [RandomPolls.KeyOf(0)], Start, Start.AddDays(1), 100), CancellationToken.None);

        Assert.Empty(table.Times);
    }

    [Fact]
    public async Task Write_TheSameTwice_IsThereOnceAndTheLaterValueHolds()
    {
        await using var engine = Connect("twice");
        var batch = new RandomPolls(1, SameAnswers.Pump, Start).Batch(10, 60, "s1155");

        await engine.WriteAsync(batch, CancellationToken.None);
        await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, Start).Batch(10, 60, "s1255", mayBeThere: true), CancellationToken.None);

        var good = batch.Polls.Series.Sum(series => series.Readings.Count(reading => reading.IsGood && reading.Value is not null));
        Assert.Equal((long)good, await server.ScalarAsync("SELECT count(*) FROM twice.readings"));
        Assert.Equal(50L, await server.ScalarAsync("SELECT count(*) FROM twice.polls"));
        Assert.Equal("s1255", await server.ScalarAsync("SELECT model FROM twice.heat_pumps"));
    }

    [Fact]
    public async Task Write_OverTheEndOfAMonth_MakesBothPartitions()
    {
        await using var engine = Connect("months");

        await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, new DateTimeOffset(2025, 12, 31, 23, 30, 0, TimeSpan.Zero)).Batch(0, 400, "s1155"), CancellationToken.None);

        var partitions = await server.ScalarAsync(
            "SELECT string_agg(inhrelid::regclass::text, ',' ORDER BY inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'months.readings'::regclass");
        Assert.Equal("months.readings_2025_12,months.readings_2026_01", partitions);
        Assert.True((long)(await server.ScalarAsync("SELECT count(*) FROM months.history WHERE heat_pump = 'hp-001' AND sensor = 'sensor_0' AND unit = '°C'"))! > 0);
    }

    [Fact]
    public async Task Write_TwoAtOnceIntoNothing_BothSucceed()
    {
        await using var one = Connect("both");
        await using var two = Connect("both");
        var batches = Enumerable.Range(0, 8).Select(index => new RandomPolls(1, SameAnswers.Pump, Start.AddMonths(index / 2)).Batch(0, 50, "s1155")).ToList();

        var receipts = await Task.WhenAll(batches.Select((batch, index) => (index % 2 == 0 ? one : two).WriteAsync(batch, CancellationToken.None).AsTask()));

        Assert.All(receipts, receipt => Assert.Empty(receipt.Refused));
    }

    [Fact]
    public async Task Write_TablesWereDropped_IsNotFoundOnceAndMadeAnew()
    {
        await using var engine = Connect("dropped");
        var batch = new RandomPolls(1, SameAnswers.Pump, Start).Batch(0, 20, "s1155");
        await engine.WriteAsync(batch, CancellationToken.None);
        await server.ScalarAsync("DROP SCHEMA dropped CASCADE");

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.WriteAsync(batch, CancellationToken.None));
        await engine.WriteAsync(batch, CancellationToken.None);

        Assert.Equal(EngineFault.NotFound, fault.Fault);
    }

    [Fact]
    public async Task Test_BeforeAndAfterTheFirstWrite_TellsWhatIsThere()
    {
        await using var engine = Connect("told");

        Assert.Matches("^PostgreSQL 15[.0-9]*; the tables will be made", await engine.TestAsync(CancellationToken.None));
        await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, Start).Batch(0, 20, "s1155"), CancellationToken.None);
        Assert.Matches("^PostgreSQL 15[.0-9]*$", await engine.TestAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("password", "wrong-secret", EngineFault.AccessDenied)]
    [InlineData("user", "nobody", EngineFault.AccessDenied)]
    [InlineData("database", "nowhere", EngineFault.NotFound)]
    public async Task Test_SettingIsWrong_FaultTellsWhichWithoutThePassword(string setting, string value, EngineFault expected)
    {
        await using var engine = Connect("wrong", setting, value);

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.TestAsync(CancellationToken.None));

        Assert.Equal(expected, fault.Fault);
        Assert.DoesNotContain("wrong-secret", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlProcess.Password, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_UserMayNotMakeTables_IsDenied()
    {
        await server.ScalarAsync("CREATE ROLE guest LOGIN PASSWORD 'guest'");
        await using var engine = ConnectWith("forbidden", ("user", "guest"), ("password", "guest"));

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.TestAsync(CancellationToken.None));

        Assert.Equal(EngineFault.AccessDenied, fault.Fault);
    }

    [Fact]
    public async Task Write_UserHasNothingButASchemaMadeForIt_Succeeds()
    {
        await server.ScalarAsync("CREATE ROLE tenant LOGIN PASSWORD 'tenant'; CREATE SCHEMA rented; GRANT USAGE, CREATE ON SCHEMA rented TO tenant");
        await using var engine = ConnectWith("rented", ("user", "tenant"), ("password", "tenant"));

        Assert.Contains("the tables will be made", await engine.TestAsync(CancellationToken.None), StringComparison.Ordinal);
        var receipt = await engine.WriteAsync(new RandomPolls(1, SameAnswers.Pump, Start).Batch(0, 20, "s1155"), CancellationToken.None);

        Assert.Empty(receipt.Refused);
    }

    [Fact]
    public async Task Test_NoPasswordWhereOneIsAskedFor_IsDenied()
    {
        await using var engine = Connect("wrong", "password", "");

        var fault = await Assert.ThrowsAsync<EngineException>(async () => await engine.TestAsync(CancellationToken.None));

        Assert.Equal(EngineFault.AccessDenied, fault.Fault);
    }

    [Fact]
    public async Task Write_RandomBits_ComeBackBitForBit()
    {
        await using var engine = Connect("bits");

        await Bits.CheckAsync(engine);
    }

    private IHistoryEngine Connect(string schema, string? setting = null, string? value = null) =>
        setting is null ? ConnectWith(schema) : ConnectWith(schema, (setting, value!));

    private IHistoryEngine ConnectWith(string schema, params (string Key, string Value)[] others)
    {
        var type = new PostgreSqlType(TimeProvider.System);
        var settings = new Settings(
        [
            new("host", "127.0.0.1"), new("port", server.Port.ToString(CultureInfo.InvariantCulture)), new("database", "postgres"),
            new("user", PostgreSqlProcess.User), new("password", PostgreSqlProcess.Password), new("schema", schema),
        ]);
        settings = others.Aggregate(settings, (all, other) => all.With(other.Key, other.Value));
        Assert.Empty(type.Parameters.Check(settings, "engine"));
        return type.Create(type.Parameters.WithDefaults(settings));
    }
}
