using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.History.Engines;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>An engine that fails in every way, behind the real outbox: it gets everything, in order, once.</summary>
public sealed class EngineFeedTests : IAsyncLifetime
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor]);
    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new(Start.AddDays(8));
    private readonly FakeEngine _engine = new();
    private readonly LiveValues _live;
    private EmbeddedTimeSeriesStore _store = null!;

    public EngineFeedTests() => _live = new LiveValues(_time, NullLogger<LiveValues>.Instance);

    public async Task InitializeAsync()
    {
        _store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.Path }), _time, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await _store.StartAsync(default);
    }

    public Task DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Feed_EngineDownForAWeek_IsBackFilledInOrder()
    {
        _engine.Fault = new EngineException(EngineFault.Unreachable, "nothing answers");
        await using var feed = Feed();
        await AppendAsync(0, 2_000);
        await UntilAsync(async () => (await feed.StatusAsync(default)).LastError == "nothing answers");
        var behind = await feed.StatusAsync(default);
        Assert.Equal((2_000, Start), (behind.Lag.Polls, behind.Lag.Oldest));
        Assert.NotNull(behind.FailingSince);

        _engine.Fault = null;
        await UntilAsync(async () => (await feed.StatusAsync(default)).Lag.Polls == 0);

        Assert.Equal(Enumerable.Range(0, 2_000).Select(poll => Start.AddSeconds(poll * 30)), _engine.Taken);
        var status = await feed.StatusAsync(default);
        Assert.Equal((2_000, null, null), (status.Readings, status.LastError, status.FailingSince));
    }

    [Fact]
    public async Task Feed_WhatComesLater_FollowsWithinSeconds()
    {
        await using var feed = Feed();
        await AppendAsync(0, 10);
        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 10));

        await AppendAsync(10, 12);
        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 12));

        Assert.Equal(Start.AddSeconds(11 * 30), _engine.Taken.Last());
    }

    [Fact]
    public async Task Feed_BatchTooLarge_IsSentInHalves()
    {
        _engine.MostPolls = 90;
        await using var feed = Feed();
        await AppendAsync(0, 1_000);

        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 1_000));

        Assert.Equal(_engine.Taken.Distinct().Count(), _engine.Taken.Count);
    }

    [Fact]
    public async Task Feed_AnswerNeverCame_TellsTheEngineThatItMayBeThere()
    {
        await AppendAsync(0, 5);
        _engine.LosesAnswers = 1;
        await using var feed = Feed();

        await UntilAsync(async () => (await feed.StatusAsync(default)).Lag.Polls == 0);

        // The first batch behind a start may be there too.
        Assert.Equal([true, true], _engine.MayBeThere.Take(2));
        await AppendAsync(5, 6);
        await UntilAsync(() => Task.FromResult(_engine.MayBeThere.Count == 3));
        Assert.False(_engine.MayBeThere.Last());
    }

    [Fact]
    public async Task Feed_EngineAsksToWait_IsLeftAloneAsLong()
    {
        await AppendAsync(0, 5);
        _engine.Fault = new EngineException(EngineFault.Busy, "too many requests") { RetryAfter = TimeSpan.FromMinutes(10) };
        await using var feed = Feed();
        await Eventually.IsTrue(() => _engine.Calls == 1 && _time.WaitingTimers > 0);
        _engine.Fault = null;

        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal(1, _engine.Calls);

        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 5));
    }

    // The dashboards of grafana/ choose by them.
    [Fact]
    public async Task Feed_HeatPumpIsConfigured_IsTaggedWithTheKeysOfItsMakeAndModel()
    {
        var heatPump = FakeMake.HeatPump("hp-001", "a") with { Name = "House", Location = "Cellar" };
        _live.Set(new HeatPumpState { HeatPump = heatPump, Model = new FakeMake().Model, Connection = ConnectionState.Online, Since = Start });
        await using var feed = Feed();
        await AppendAsync(0, 3);

        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 3));

        Assert.Equal(("hp-001", "House", "Cellar", "fake", "one"), (_engine.Fed!.Id.Value, _engine.Fed.Name, _engine.Fed.Location, _engine.Fed.Manufacturer, _engine.Fed.Model));
    }

    [Fact]
    public async Task Feed_ReadingsRefusedForGood_AreCountedAndTheRestGoesOn()
    {
        _engine.Refuses = "hp-001 outdoor_temperature: field type conflict";
        await using var feed = Feed();
        await AppendAsync(0, 3);

        await UntilAsync(async () => (await feed.StatusAsync(default)).Lag.Polls == 0);

        var status = await feed.StatusAsync(default);
        Assert.Equal((1, _engine.Refuses), (status.Refused, Assert.Single(status.Refusals)));
    }

    [Fact]
    public async Task Feed_StartedAgain_GoesOnWhereItWas()
    {
        await using (var first = Feed())
        {
            await AppendAsync(0, 700);
            await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 700));
            await UntilAsync(async () => (await first.StatusAsync(default)).Lag.Polls == 0);
        }

        await AppendAsync(700, 720);
        await using var second = Feed();
        await UntilAsync(() => Task.FromResult(_engine.Taken.Count == 720));

        Assert.Equal(_engine.Taken.Order().Distinct(), _engine.Taken);
    }

    private EngineFeed Feed() => new(
        "fake",
        withPast: true,
        _engine,
        _store,
        _live,
        new HistoryOptions { BackfillReadingsPerSecond = 1_000 },
        _time,
        NullLogger.Instance);

    private async Task AppendAsync(int first, int end) => await _store.AppendAsync(
        [.. Enumerable.Range(first, end - first).Select(poll => new Snapshot(Pump, Start.AddSeconds(poll * 30), Sensors, [new Reading(poll, null, Quality.Good, Start)]))],
        default);

    private Task UntilAsync(Func<Task<bool>> condition) => Eventually.IsTrue(
        async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return await condition();
        });
}
