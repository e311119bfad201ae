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

/// <summary>Keeping less, backups, and files of the format before.</summary>
public sealed class HistoryKeepingTests : IDisposable
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor]);
    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new(Start.AddDays(10));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keep_ByAge_LetsOldReadingsGoAndKeepsTheirHours()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 28_800);
        await store.SealAsync(default);
        var before = await HoursAsync(store);

        var gone = await store.KeepAsync(Pump, new HistoryKeeping(Days: 3, Megabytes: null), default);

        Assert.InRange(gone, 10_000, 20_160);
        var first = await FirstReadingAsync(store);
        Assert.InRange(first, Start.AddDays(3), Start.AddDays(7));
        var after = await HoursAsync(store);
        Assert.Equal(before.Times, after.Times);
        Assert.Equal(before.Columns[0].Max, after.Columns[0].Max);
        Assert.Equal(before.Columns[0].Count, after.Columns[0].Count);
        Assert.True((await store.CheckAsync(null, default)).IsIntact);
    }

    [Fact]
    public async Task Keep_BySize_LetsTheOldestGo()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 28_800);
        await store.SealAsync(default);

        Assert.Equal(0, await store.KeepAsync(Pump, new HistoryKeeping(null, 1), default));
        Assert.Equal(0, await store.KeepAsync(Pump, HistoryKeeping.ForEver, default));
        Assert.Equal(28_800, (await store.ExtentAsync(Pump, default))!.Polls);
    }

    [Fact]
    public async Task Append_PollsOfATimeWhoseReadingsAreGone_AreNotTakenAndChangeNoHour()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 28_800);
        await store.SealAsync(default);
        await store.KeepAsync(Pump, new HistoryKeeping(1, null), default);
        var before = await HoursAsync(store);

        await store.AppendAsync([new Snapshot(Pump, Start.AddHours(5).AddSeconds(7), Sensors, [new Reading(-99, null, Quality.Good, Start)])], default);
        await store.SealAsync(default);

        Assert.Equal(before.Columns[0].Min, (await HoursAsync(store)).Columns[0].Min);
    }

    [Fact]
    public async Task Query_AggregatesOfASegmentAreDamaged_AnswersFromTheReadingsAndNamesIt()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 28_800);
        await store.SealAsync(default);
        var before = await HoursAsync(store);
        Assert.True(Number("SELECT count(*) FROM segments WHERE cells IS NOT NULL") > 0);
        Number("UPDATE segments SET cells = zeroblob(length(cells)) RETURNING 1");

        var after = await HoursAsync(store);

        Assert.Equal(before.Columns[0].Max, after.Columns[0].Max);
        Assert.Equal(before.Columns[0].Count, after.Columns[0].Count);
        Assert.Contains(store.Damage, damage => damage.What.Contains("aggregates", StringComparison.Ordinal));

        // Before the readings go, they are aggregated anew.
        await store.KeepAsync(Pump, new HistoryKeeping(1, null), default);
        Assert.Equal(before.Columns[0].Min, (await HoursAsync(store)).Columns[0].Min);
    }

    [Fact]
    public async Task Seal_Explicitly_GivesBackEveryFreePage_AndElseWhatTheHeadWillNotNeed()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 500);
        await store.SealAsync(default);
        Assert.Equal(0, Number("PRAGMA freelist_count"));

        await AppendAsync(store, 500, 12_000);
        var free = Number("PRAGMA freelist_count");
        Assert.True(free > 10, $"{free} pages are free");
        await store.GiveBackAsync(10 * 1024, default);
        Assert.Equal(10, Number("PRAGMA freelist_count"));
        Assert.True((await store.CheckAsync(null, default)).IsIntact);
    }

    [Fact]
    public async Task BackUp_WhileWritingGoesOn_IsAWholeFile()
    {
        using var store = await OpenAsync(_folder.Path);
        await AppendAsync(store, 0, 5_000);
        using var other = new DataFolder();

        var writing = AppendAsync(store, 5_000, 7_000);
        await store.BackUpAsync(other.HistoryFile, default);
        await writing;

        using var copy = await OpenAsync(other.Path);
        Assert.InRange((await copy.ExtentAsync(Pump, default))!.Polls, 5_000, 7_000);
        Assert.True((await copy.CheckAsync(null, default)).IsIntact);
        await Assert.ThrowsAsync<IOException>(async () => await store.BackUpAsync(other.HistoryFile, default));

        // What is needed to mend it lies where it does in the file itself.
        foreach (var sql in (string[])["SELECT sum(rootpage * length(name)) FROM sqlite_master", "PRAGMA page_size", "PRAGMA auto_vacuum"])
            Assert.Equal(Number(sql), Number(sql, other.HistoryFile));
    }

    [Fact]
    public async Task Start_FileOfFormatOne_IsTakenOver()
    {
        await using (var former = new SqliteConnection($"Data Source={_folder.HistoryFile};Pooling=False"))
        {
            await former.OpenAsync();
            await using var make = former.CreateCommand();
            make.CommandText = """
                CREATE TABLE series (id INTEGER PRIMARY KEY, heatpump_id TEXT NOT NULL, sensor TEXT NOT NULL, UNIQUE (heatpump_id, sensor));
                CREATE TABLE polls (heatpump_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (heatpump_id, at)) WITHOUT ROWID;
                CREATE TABLE points (series_id INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL, implausible INTEGER NOT NULL, PRIMARY KEY (series_id, at)) WITHOUT ROWID;
                INSERT INTO series VALUES (3, 'hp-001', 'outdoor_temperature');
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) INSERT INTO polls SELECT 'hp-001', 1768435200000 + i * 30000 FROM n;
                INSERT INTO points SELECT 3, at, (at / 30000 % 700) / 10.0, at / 30000 % 1000 = 5 FROM polls WHERE at / 30000 % 50 <> 7;
                PRAGMA user_version = 1;
                """;
            await make.ExecuteNonQueryAsync();
        }

        using var store = await OpenAsync(_folder.Path);

        var polls = 0;
        await foreach (var block in store.ReadAsync(Pump, [FakeMake.Outdoor.Key], Start, Start.AddDays(5), default))
        {
            for (var poll = 0; poll < block.Times.Count; poll++, polls++)
            {
                var number = block.Times[poll].ToUnixTimeMilliseconds() / 30_000;
                StoredReading expected = number % 50 == 7 ? default : new(number % 700 / 10.0, null, number % 1000 == 5 ? Quality.Implausible : Quality.Good);
                Assert.Equal(expected, block.Series[0].Readings[poll]);
            }
        }

        Assert.Equal(10_000, polls);
        Assert.True(File.Exists(_folder.HistoryFile + ".format-1"));
    }

    private async Task<EmbeddedTimeSeriesStore> OpenAsync(string folder)
    {
        var store = new EmbeddedTimeSeriesStore(
            Options.Create(new StorageOptions { DataFolder = folder }), _time, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(default);
        return store;
    }

    private long Number(string sql, string? file = null)
    {
        using var connection = new SqliteConnection($"Data Source={file ?? _folder.HistoryFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task AppendAsync(EmbeddedTimeSeriesStore store, int first, int end)
    {
        var random = new Random(first + 1);
        var snapshots = Enumerable.Range(first, end - first)
            .Select(poll => new Snapshot(Pump, Start.AddSeconds(poll * 30), Sensors, [new Reading(random.Next(-100, 300) / 10.0, null, Quality.Good, Start)]));
        foreach (var batch in snapshots.Chunk(500)) await store.AppendAsync(batch, default);
    }

    private static async Task<HistoryTable> HoursAsync(EmbeddedTimeSeriesStore store) =>
        await store.QueryAsync(new HistoryQuery(Pump, [FakeMake.Outdoor.Key], Start, Start.AddDays(10), 240), default);

    private static async Task<DateTimeOffset> FirstReadingAsync(EmbeddedTimeSeriesStore store)
    {
        await foreach (var block in store.ReadAsync(Pump, null, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default)) return block.Times[0];
        throw new InvalidOperationException("nothing is left");
    }
}
