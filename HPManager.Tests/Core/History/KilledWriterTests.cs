using System.Globalization;
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

/// <summary>A process that writes history without end, killed at any moment.</summary>
public sealed class KilledWriterTests : IDisposable
{
    internal const string Work = "append-history";

    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor, FakeMake.Target]);
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The later kills come behind several checkpoints of the write-ahead log (one each 1,000 pages).
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(700)]
    [InlineData(1500)]
    public async Task Append_ProcessIsKilled_EverythingAcknowledgedIsThereAndWritingGoesOn(int killedBehind)
    {
        await using var child = ChildProcess.Start(Work, _folder.Path);
        await child.ReachesAsync(killedBehind);
        var acknowledged = Math.Max(killedBehind, await child.KillAsync());

        using var store = await OpenAsync(_folder.Path);
        var table = await QueryAsync(store);

        Assert.InRange(table.Times.Count, acknowledged, acknowledged + 1);
        Assert.Equal(Enumerable.Range(0, table.Times.Count).Select(index => (double?)index), table.Columns[0].Mean);
        Assert.Equal(Enumerable.Range(0, table.Times.Count).Select(index => (double?)-index), table.Columns[1].Mean);
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        await store.AppendAsync([At(table.Times.Count)], default);
        Assert.Equal(table.Times.Count + 1, (await QueryAsync(store)).Times.Count);
    }

    // The gate kills it six times; as often as HPMANAGER_KILLS says otherwise. Sealing goes on under the kills: a poll of every fourth round is the 512th.
    [Fact]
    public async Task Append_KilledAgainAndAgain_NothingAcknowledgedIsEverLost()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("HPMANAGER_KILLS") ?? "6", CultureInfo.InvariantCulture);
        var random = new Random(41);
        var known = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await using (var child = ChildProcess.Start(Work, _folder.Path))
            {
                var told = known + 1 + random.Next(300);
                await child.ReachesAsync(told);
                known = Math.Max(told, await child.KillAsync());
            }

            using var store = await OpenAsync(_folder.Path);
            var extent = await store.ExtentAsync(Pump, default);
            Assert.InRange(extent!.Polls, known, known + 1);
            Assert.Equal(Start.AddSeconds((extent.Polls - 1) * 30), extent.Last);
            Assert.Empty(store.Damage);
            known = (int)extent.Polls;
        }

        using var last = await OpenAsync(_folder.Path);
        Assert.True((await last.CheckAsync(null, default)).IsIntact);
        var polls = 0;
        await foreach (var block in last.ReadAsync(Pump, [FakeMake.Outdoor.Key], Start, DateTimeOffset.MaxValue, default))
            Assert.All(block.Series[0].Readings, reading => Assert.Equal(polls++, reading.Value));
        Assert.Equal(known, polls);
    }

    /// <summary>What the process does: one snapshot after the other, each told once it is durable.</summary>
    internal static async Task AppendForEverAsync(string folder)
    {
        using var store = await OpenAsync(folder);
        var first = (await store.ExtentAsync(Pump, default))?.Polls ?? 0;
        for (var index = (int)first; ; index++)
        {
            await store.AppendAsync([At(index)], default);
            Console.WriteLine(index + 1);
        }
    }

    private static async Task<EmbeddedTimeSeriesStore> OpenAsync(string folder)
    {
        var store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = folder }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(default);
        return store;
    }

    private static async Task<HistoryTable> QueryAsync(EmbeddedTimeSeriesStore store) => await store.QueryAsync(
        new HistoryQuery(Pump, [FakeMake.Outdoor.Key, FakeMake.Target.Key], Start, Start.AddDays(30), HistoryQuery.MaxPoints), default);

    private static Snapshot At(int index)
    {
        var at = Start.AddSeconds(index * 30);
        return new Snapshot(Pump, at, Sensors, [new Reading(index, null, Quality.Good, at), new Reading(-index, null, Quality.Good, at)]);
    }

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.HistoryFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
