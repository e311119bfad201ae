using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

/// <summary>A clock that was wrong by decades, either way, and is put right: nothing is lost by it, and what was polled meanwhile does no harm.</summary>
public sealed class ClockJumpTests : IAsyncLifetime
{
    private const int PollsOfTenDays = 28_800;
    private static readonly HeatPump Pump = FakeMake.HeatPump("hp-001", "a");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Years = TimeSpan.FromDays(1500);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor]);
    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new(Start.AddDays(10));
    private readonly List<(DateTimeOffset At, double Value)> _kept = [];
    private EmbeddedTimeSeriesStore _store = null!;
    private HistorySettingsStore _settings = null!;
    private HistoryKeeper _keeper = null!;

    public async Task InitializeAsync()
    {
        _store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.Path }), _time, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await _store.StartAsync(default);
        _settings = new HistorySettingsStore(
            new MemoryDocuments(), new ReversingProtector(), [], new ConfigurationBuilder().Build(), NullLogger<HistorySettingsStore>.Instance);
        await _settings.SaveAsync(HistorySettings.Default with { Keeping = new HistoryKeeping(Days: 3, Megabytes: null) }, default);
        _keeper = new HistoryKeeper(_store, _settings, new MemoryHeatPumpStore(Pump), _time, NullLogger<HistoryKeeper>.Instance);
    }

    public Task DisposeAsync()
    {
        _keeper.Dispose();
        _settings.Dispose();
        _store.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Keep_ClockIsRight_LetsOldReadingsGo()
    {
        await AppendAsync(Start, PollsOfTenDays);

        await _keeper.KeepAsync(default);

        Assert.InRange(await PollsAsync(), 1, PollsOfTenDays - 10_000);
    }

    [Fact]
    public async Task Keep_ClockIsYearsAheadForAnHour_LetsNothingGo()
    {
        await AppendAsync(Start, PollsOfTenDays);
        _time.Jump(Years);
        await AppendAsync(_time.GetUtcNow(), 120);

        await _keeper.KeepAsync(default);

        Assert.Equal(PollsOfTenDays + 120, await PollsAsync());
    }

    [Fact]
    public async Task Keep_ClockWasAheadAndIsRightAgain_LetsOldReadingsGo()
    {
        await AppendAsync(Start, PollsOfTenDays);
        _time.Jump(Years);
        await AppendAsync(_time.GetUtcNow(), 120);
        await _keeper.KeepAsync(default);
        _time.Jump(-Years);

        await _keeper.KeepAsync(default);

        Assert.InRange(await PollsAsync(), 120, PollsOfTenDays - 10_000);
    }

    [Fact]
    public async Task Keep_SwitchedOffForHalfAYear_GoesOnADayLater()
    {
        await AppendAsync(Start, PollsOfTenDays);
        _time.Advance(TimeSpan.FromDays(180));
        await _keeper.KeepAsync(default);
        Assert.Equal(PollsOfTenDays, await PollsAsync());

        await AppendAsync(_time.GetUtcNow(), 3_000);
        _time.Advance(TimeSpan.FromHours(25));
        await _keeper.KeepAsync(default);

        Assert.Equal(3_000, await PollsAsync());
    }

    [Fact]
    public async Task Append_UnderClocksOfAllTimes_ComesBackBitForBitInOrder()
    {
        await AppendUnderWrongClocksAsync();

        var read = new List<(DateTimeOffset, double)>();
        await foreach (var block in _store.ReadAsync(Pump.Id, [FakeMake.Outdoor.Key], DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default))
            read.AddRange(block.Times.Zip(block.Series[0].Readings, (at, reading) => (at, reading.Value!.Value)));
        Assert.Equal(_kept.OrderBy(poll => poll.At), read);
        Assert.True((await _store.CheckAsync(null, default)).IsIntact);
    }

    [Fact]
    public async Task Query_HistoryHasPollsOfWrongClocks_AnswersARealRangeAsIfThereWereNone()
    {
        await AppendUnderWrongClocksAsync();
        var (from, to) = (Start.AddHours(6), Start.AddHours(90));

        var hours = await _store.QueryAsync(new HistoryQuery(Pump.Id, [FakeMake.Outdoor.Key], from, to, 100), default);

        Assert.Equal(TimeSpan.FromHours(1), hours.BucketWidth);
        Assert.All(hours.Times.Zip(hours.Columns[0].Count, hours.Columns[0].Max), bucket =>
        {
            var own = _kept.Where(poll => poll.At >= bucket.First && poll.At < bucket.First.AddHours(1)).Select(poll => poll.Value).ToList();
            Assert.Equal((own.Count, own.Max()), (bucket.Second, bucket.Third));
        });
        var always = await _store.QueryAsync(new HistoryQuery(Pump.Id, [FakeMake.Outdoor.Key], DateTimeOffset.UnixEpoch, Start.AddYears(60), 2_000), default);
        Assert.Equal(_kept.Count, always.Columns[0].Count.Sum());
    }

    // Else each seal would write everything since the jump anew, for as many years as the clock was ahead.
    [Fact]
    public async Task Append_AfterTheClockWasAhead_NoSegmentSpansTheLeap()
    {
        await AppendUnderWrongClocksAsync();

        await using var file = new SqliteConnection($"Data Source={_folder.HistoryFile};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync();
        await using var longest = file.CreateCommand();
        longest.CommandText = "SELECT max(last - first) FROM segments";
        Assert.InRange((long)(await longest.ExecuteScalarAsync())!, 1, (long)TimeSpan.FromDays(10).TotalMilliseconds);
    }

    // 1970 at first, right, ahead for a moment in the middle of it, right again.
    private async Task AppendUnderWrongClocksAsync()
    {
        await AppendAsync(DateTimeOffset.UnixEpoch.AddSeconds(30), 40);
        await AppendAsync(Start, 5_000);
        await AppendAsync(Start + Years, 60);
        await AppendAsync(Start.AddSeconds(5_000 * 30), 9_000);
        await _store.SealAsync(default);
    }

    private async Task AppendAsync(DateTimeOffset first, int polls)
    {
        var random = new Random(polls);
        var made = Enumerable.Range(0, polls).Select(poll => (At: first.AddSeconds(poll * 30), Value: random.Next(-100, 300) / 10.0)).ToList();
        _kept.AddRange(made);
        foreach (var batch in made.Select(poll => new Snapshot(Pump.Id, poll.At, Sensors, [new Reading(poll.Value, null, Quality.Good, poll.At)])).Chunk(250))
            await _store.AppendAsync(batch, default);
    }

    private async Task<long> PollsAsync() => (await _store.ExtentAsync(Pump.Id, default))!.Polls;
}
