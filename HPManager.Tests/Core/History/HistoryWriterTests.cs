using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

public class HistoryWriterTests
{
    private static readonly HeatPump Pump = FakeMake.HeatPump("hp-001", "a");
    private readonly ManualTime _time = new();
    private readonly FailingStore _store = new();

    [Fact]
    public async Task Observe_ManySnapshots_AreWrittenInOrderInFewBatches()
    {
        using var writer = Create(limit: 1000);
        await writer.StartAsync(default);
        for (var index = 0; index < 100; index++) writer.Observe(Pump, At(index));

        await Eventually.IsTrue(() => _time.WaitingTimers > 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.IsTrue(() => writer.Status.Written == 100);

        Assert.Equal(_store.Kept.Select(snapshot => snapshot.At).Order(), _store.Kept.Select(snapshot => snapshot.At));
        Assert.InRange(_store.Calls, 1, 3);
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Observe_AFullBatchWaits_IsWrittenBeforeItsTimeIsUp()
    {
        using var writer = Create(limit: 1000, batchSeconds: 60);
        await writer.StartAsync(default);
        for (var index = 0; index < 5; index++)
        {
            for (var one = 0; one < 500; one++) writer.Observe(Pump, At((index * 500) + one));
            var expected = (index + 1) * 500;
            await Eventually.IsTrue(() => writer.Status.Written == expected);
        }

        Assert.Equal(0, writer.Status.Dropped);
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Observe_StoreFails_PausesGrow()
    {
        using var writer = Create(limit: 1000, batchSeconds: 0);
        _store.Fails = true;
        await writer.StartAsync(default);
        writer.Observe(Pump, At(0));

        for (var (call, pause) = (1, 1); call <= 5; call++, pause *= 2)
        {
            var expected = call;
            await Eventually.IsTrue(() => _store.Calls == expected && _time.WaitingTimers == 1);
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.Equal((call, 1), (_store.Calls, _time.WaitingTimers));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Observe_StoreFails_TriesAgainAndLosesNothing()
    {
        using var writer = Create(limit: 1000);
        _store.Fails = true;
        await writer.StartAsync(default);
        writer.Observe(Pump, At(0));
        await Eventually.IsTrue(() => Advanced(writer.Status.LastError is not null));

        _store.Fails = false;
        await Eventually.IsTrue(() => Advanced(writer.Status.Written == 1));

        Assert.Null(writer.Status.LastError);
        Assert.Equal(0, writer.Status.Dropped);
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Observe_QueueIsFull_CountsWhatItCannotKeep()
    {
        using var writer = Create(limit: 100);
        for (var index = 0; index < 130; index++) writer.Observe(Pump, At(index));

        Assert.Equal((100, 30L), (writer.Status.Waiting, writer.Status.Dropped));
        await writer.StartAsync(default);
        await writer.StopAsync(default);
    }

    [Fact]
    public async Task Stop_SnapshotsWait_WritesThemFirst()
    {
        using var writer = Create(limit: 1000);
        await writer.StartAsync(default);
        for (var index = 0; index < 700; index++) writer.Observe(Pump, At(index));

        await writer.StopAsync(default);

        Assert.Equal(700, _store.Kept.Count);
    }

    [Fact]
    public async Task Stop_StoreStillFails_EndsAndCountsTheLoss()
    {
        using var writer = Create(limit: 1000);
        _store.Fails = true;
        await writer.StartAsync(default);
        writer.Observe(Pump, At(0));

        await writer.StopAsync(default).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, writer.Status.Dropped);
    }

    private static Snapshot At(int index)
    {
        var at = new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero).AddSeconds(index * 30);
        return new Snapshot(Pump.Id, at, new SensorSet([FakeMake.Outdoor]), [new Reading(index, null, Quality.Good, at)]);
    }

    private bool Advanced(bool condition)
    {
        if (!condition) _time.Advance(TimeSpan.FromSeconds(1));
        return condition;
    }

    private HistoryWriter Create(int limit, double batchSeconds = 1) => new(
        _store, Options.Create(new HistoryOptions { QueueLimit = limit, BatchSeconds = batchSeconds }), _time, NullLogger<HistoryWriter>.Instance);

    private sealed class FailingStore : ITimeSeriesStore
    {
        public volatile bool Fails;
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public List<Snapshot> Kept { get; } = [];

        public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            if (Fails) throw new IOException("disk full");
            lock (Kept) Kept.AddRange(snapshots);
            return ValueTask.CompletedTask;
        }

        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException("not asked here");

        public IAsyncEnumerable<HistoryBlock> ReadAsync(
            HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw new NotSupportedException("not asked here");

        public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            throw new NotSupportedException("not asked here");

        public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => throw new NotSupportedException("not asked here");

        public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
