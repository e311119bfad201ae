using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

public sealed class EmbeddedTimeSeriesStoreTests : IAsyncLifetime
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor, FakeMake.Target]);
    private readonly DataFolder _folder = new();
    private EmbeddedTimeSeriesStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenAsync(_folder.Path);

    public Task DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Query_FewerPollsThanPoints_GivesBackEveryValueBitForBit()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 200).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64()))
            .Select(value => double.IsFinite(value) ? value : 0.1).ToList();
        await _store.AppendAsync([.. values.Select((value, index) => At(index * 30, value, 48))], default);

        var table = await QueryAsync(0, 200 * 30, 1000);

        Assert.Equal(values.Select(value => (double?)value), table.Columns[0].Mean);
        Assert.Equal(Start.AddSeconds(30), table.Times[1]);
        Assert.Equal(TimeSpan.Zero, table.BucketWidth);
    }

    [Fact]
    public async Task Query_MorePollsThanPoints_AnswersEveryBucketsAggregates()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 5000).Select(index => Math.Sin(index / 100.0) + random.NextDouble()).ToList();
        values[1234] = 99;
        values[3777] = -99;
        await _store.AppendAsync([.. values.Select((value, index) => At(index * 10, value, 48))], default);

        var table = await QueryAsync(0, 50_000, 100);

        Assert.InRange(table.Times.Count, 80, 100);
        Assert.Contains(99.0, table.Columns[0].Max);
        Assert.Contains(-99.0, table.Columns[0].Min);
        for (var bucket = 0; bucket < table.Times.Count; bucket++)
        {
            var own = values.Where((_, index) => Start.AddSeconds(index * 10) >= table.Times[bucket]
                && Start.AddSeconds(index * 10) < table.Times[bucket] + table.BucketWidth).ToList();
            var column = table.Columns[0];
            Assert.Equal((own.Min(), own.Max(), own[^1], own.Count), (column.Min[bucket], column.Max[bucket], column.Last[bucket], column.Count[bucket]));
            Assert.Equal(own.Average(), column.Mean[bucket]!.Value, 1e-9);
        }
    }

    [Fact]
    public async Task Query_MissingAndImplausibleReadings_AreGaps()
    {
        await _store.AppendAsync(
            [
                At(0, 5, 48),
                new Snapshot(Pump, Start.AddSeconds(30), Sensors, [Reading.Missing(Start, "not fitted"), Good(48, 30)]),
                new Snapshot(Pump, Start.AddSeconds(60), Sensors, [new Reading(850, null, Quality.Implausible, Start), Good(48, 60)]),
                At(90, 6, 48),
            ],
            default);

        var table = await QueryAsync(0, 120, 100);

        Assert.Equal([5, null, null, 6], table.Columns[0].Mean);
        Assert.Equal([48, 48, 48, 48], table.Columns[1].Mean);
    }

    [Fact]
    public async Task Query_PollsLeftOut_HasARowWithoutValuesBetween()
    {
        await _store.AppendAsync([At(0, 1, 1), At(30, 2, 1), At(60, 3, 1), At(600, 4, 1), At(630, 5, 1)], default);

        var table = await QueryAsync(0, 1000, 100);

        Assert.Equal([1, 2, 3, null, 4, 5], table.Columns[0].Mean);
    }

    [Fact]
    public async Task Append_SameMomentTwice_TheLaterOneHolds()
    {
        await _store.AppendAsync([At(0, 1, 48)], default);
        await _store.AppendAsync([new Snapshot(Pump, Start, Sensors, [Good(2, 0), Reading.Missing(Start, "gone")])], default);

        var table = await QueryAsync(0, 30, 10);

        Assert.Equal((2.0, null), (table.Columns[0].Mean[0], table.Columns[1].Mean[0]));
    }

    [Fact]
    public async Task Query_UnknownSensorOrHeatPump_IsAColumnOfGaps()
    {
        await _store.AppendAsync([At(0, 1, 48)], default);

        var table = await _store.QueryAsync(new HistoryQuery(Pump, [SensorKey.Parse("nothing")], Start, Start.AddHours(1), 10), default);

        Assert.Equal([null], table.Columns[0].Mean);
    }

    [Fact]
    public async Task Delete_OneHeatPump_LeavesTheOther()
    {
        var other = HeatPumpId.Parse("hp-002");
        await _store.AppendAsync([At(0, 1, 48), new Snapshot(other, Start, Sensors, [Good(7, 0), Good(8, 0)])], default);

        await _store.DeleteAsync(Pump, default);

        Assert.Empty((await QueryAsync(0, 30, 10)).Times);
        Assert.Single((await _store.QueryAsync(new HistoryQuery(other, [FakeMake.Outdoor.Key], Start, Start.AddHours(1), 10), default)).Times);
        await _store.AppendAsync([At(0, 3, 48)], default);
        Assert.Equal([3.0], (await QueryAsync(0, 30, 10)).Columns[0].Mean);
    }

    [Fact]
    public async Task Start_FileOfANewerFormat_IsRefusedAndNotTouched()
    {
        using var folder = new DataFolder();
        await using (var connection = new SqliteConnection($"Data Source={folder.HistoryFile};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99; CREATE TABLE future (x);";
            await command.ExecuteNonQueryAsync();
        }

        var before = await File.ReadAllBytesAsync(folder.HistoryFile);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(folder.Path));

        Assert.Contains("99", refusal.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.HistoryFile));
    }

    private static async Task<EmbeddedTimeSeriesStore> OpenAsync(string folder)
    {
        var store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = folder }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(default);
        return store;
    }

    private static Snapshot At(int seconds, double outdoor, double target) =>
        new(Pump, Start.AddSeconds(seconds), Sensors, [Good(outdoor, seconds), Good(target, seconds)]);

    private static Reading Good(double value, int seconds) => new(value, null, Quality.Good, Start.AddSeconds(seconds));

    private async Task<HistoryTable> QueryAsync(int fromSeconds, int toSeconds, int points) => await _store.QueryAsync(
        new HistoryQuery(Pump, [FakeMake.Outdoor.Key, FakeMake.Target.Key], Start.AddSeconds(fromSeconds), Start.AddSeconds(toSeconds), points), default);
}
