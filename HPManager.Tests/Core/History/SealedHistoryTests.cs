using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

/// <summary>Sealed or not, in whatever order it came: every answer is that of a plain dictionary of readings.</summary>
public sealed class SealedHistoryTests : IAsyncLifetime
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorDefinition[] All = [FakeMake.Outdoor, FakeMake.Target, FakeMake.Outdoor with { Key = SensorKey.Parse("firmware"), Kind = ValueKind.Text, Signal = null }];
    private readonly DataFolder _folder = new();
    private readonly SortedDictionary<DateTimeOffset, Dictionary<SensorKey, StoredReading>> _expected = [];
    private EmbeddedTimeSeriesStore _store = null!;

    public Task InitializeAsync() => OpenAsync();

    public Task DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task EverythingAsked_AfterRandomAppendsSealsAndRestarts_EqualsThePlainDictionary(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 25; round++)
        {
            await AppendAsync(random);
            if (random.Next(3) == 0) await _store.SealAsync(default);
            if (random.Next(8) == 0) await ReopenAsync();
        }

        await AssertBlocksAsync();
        for (var question = 0; question < 40; question++)
        {
            await AssertQueryAsync(random);
            await AssertSensorsAsync(random);
        }

        Assert.Empty(_store.Damage);
    }

    [Fact]
    public async Task Query_LongSegments_AnswersHoursFromTheirAggregates()
    {
        var random = new Random(9);
        var snapshots = Enumerable.Range(0, 30_000).Select(poll => Remember(Of(Start.AddSeconds(poll * 30), [FakeMake.Outdoor], random, quiet: true))).ToList();
        foreach (var batch in snapshots.Chunk(700)) await _store.AppendAsync(batch, default);
        await _store.AppendAsync([Remember(Of(Start.AddSeconds((1234 * 30) + 7), [FakeMake.Outdoor], random, quiet: true))], default);

        foreach (var points in (int[])[10, 50, 200, 500, 3000])
        {
            await AssertQueryAsync(new HistoryQuery(Pump, [FakeMake.Outdoor.Key], Start.AddHours(3), Start.AddDays(9), points));
            await AssertQueryAsync(new HistoryQuery(Pump, [FakeMake.Outdoor.Key], Start.AddMinutes(77), Start.AddDays(9).AddMinutes(13), points));
            await AssertQueryAsync(new HistoryQuery(Pump, [FakeMake.Outdoor.Key], Start.AddDays(-400), Start.AddDays(4000), points));
        }
    }

    [Fact]
    public async Task Append_OneHeatPumpIsFull_SealsItAndThoseHalfFullAndLeavesTheOthers()
    {
        var (random, sensors) = (new Random(3), new SensorSet(All));
        await AppendAsync("hp-002", 300);
        await AppendAsync("hp-003", 200);
        await AppendAsync("hp-001", 511);
        Assert.Equal(1011, (await _store.StatusAsync(default)).Unsealed);

        await AppendAsync("hp-001", 1);

        Assert.Equal(200, (await _store.StatusAsync(default)).Unsealed);
        await ReopenAsync();
        var status = await _store.StatusAsync(default);
        Assert.Equal(200, status.Unsealed);
        Assert.Equal([512, 300, 200], status.HeatPumps.Select(one => one.Polls));

        async Task AppendAsync(string heatPump, int polls)
        {
            var times = Enumerable.Range(0, polls).Select(poll => Start.AddSeconds(polls == 1 ? -30 : poll * 30));
            await _store.AppendAsync(
                [.. times.Select(at => new Snapshot(HeatPumpId.Parse(heatPump), at, sensors, [.. sensors.All.Select(sensor => ReadingOf(sensor, at, random, quiet: true))]))], default);
        }
    }

    [Fact]
    public async Task Outbox_PollsOfAnyOrderAndRestarts_AreGivenOnceInTheOrderOfTheirArrival()
    {
        var random = new Random(31);
        IOutbox outbox = _store;
        await outbox.OpenAsync("one", withPast: true, default);
        var arrived = new List<DateTimeOffset>();
        var given = new List<DateTimeOffset>();
        for (var round = 0; round < 40; round++)
        {
            var snapshots = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Of(Start.AddSeconds(random.Next(2_000_000)), All, random, quiet: false))
                .Where(snapshot => !arrived.Contains(snapshot.At)).DistinctBy(snapshot => snapshot.At).ToList();
            arrived.AddRange(snapshots.Select(snapshot => snapshot.At));
            await _store.AppendAsync(snapshots, default);
            if (random.Next(3) == 0) await _store.SealAsync(default);
            if (random.Next(6) == 0) await ReopenAsync();
            outbox = _store;
            if (random.Next(2) == 0 && await outbox.NextAsync("one", random.Next(1, 100), default) is { } batch)
            {
                given.AddRange(batch.Polls.Times);
                if (random.Next(4) == 0) await ReopenAsync();
                await ((IOutbox)_store).AcknowledgeAsync("one", batch, default);
            }

            Assert.Equal(arrived.Count - given.Count, (await ((IOutbox)_store).LagAsync("one", default)).Polls);
        }

        while (await ((IOutbox)_store).NextAsync("one", 500, default) is { } batch)
        {
            given.AddRange(batch.Polls.Times);
            await ((IOutbox)_store).AcknowledgeAsync("one", batch, default);
        }

        Assert.Equal(arrived, given);
        Assert.Equal(new OutboxLag(0, null), await ((IOutbox)_store).LagAsync("one", default));
    }

    [Fact]
    public async Task Outbox_OpenedWithoutThePast_GivesOnlyWhatComes()
    {
        IOutbox outbox = _store;
        await _store.AppendAsync([Of(Start, All, new Random(1), quiet: true)], default);
        await outbox.OpenAsync("new", withPast: false, default);

        Assert.Null(await outbox.NextAsync("new", 10, default));
        await _store.AppendAsync([Of(Start.AddSeconds(30), All, new Random(1), quiet: true)], default);

        Assert.Equal([Start.AddSeconds(30)], (await outbox.NextAsync("new", 10, default))!.Polls.Times);
    }

    [Fact]
    public async Task Outbox_OneEngineForgotten_LeavesTheOther()
    {
        IOutbox outbox = _store;
        await outbox.OpenAsync("one", withPast: true, default);
        await outbox.OpenAsync("two", withPast: true, default);
        await _store.AppendAsync([Of(Start, All, new Random(1), quiet: true)], default);
        await outbox.AcknowledgeAsync("two", (await outbox.NextAsync("two", 10, default))!, default);

        await outbox.ForgetAsync("one", default);

        Assert.Null(await outbox.NextAsync("two", 10, default));
    }

    private async Task OpenAsync()
    {
        _store = new EmbeddedTimeSeriesStore(
            Options.Create(new StorageOptions { DataFolder = _folder.Path }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await _store.StartAsync(default);
    }

    private Task ReopenAsync()
    {
        _store.Dispose();
        return OpenAsync();
    }

    private async Task AppendAsync(Random random)
    {
        var sensors = All.Where(_ => random.Next(4) > 0).ToArray();
        if (sensors.Length == 0) sensors = [All[0]];
        var from = random.Next(3) == 0 ? random.Next(400) * 1_000 : _expected.Count == 0 ? 0 : (int)(_expected.Keys.Last() - Start).TotalSeconds + 30;
        var quiet = random.Next(2) == 0;
        var snapshots = Enumerable.Range(0, random.Next(1, 400))
            .Select(poll => Remember(Of(Start.AddSeconds(from + (poll * 30) + (random.Next(40) == 0 ? 5 : 0)), sensors, random, quiet)))
            .ToList();
        await _store.AppendAsync(snapshots, default);
    }

    private Snapshot Remember(Snapshot snapshot)
    {
        if (!_expected.TryGetValue(snapshot.At, out var row)) _expected[snapshot.At] = row = [];
        for (var position = 0; position < snapshot.Sensors.Count; position++)
        {
            var reading = snapshot.Readings[position];
            var isKept = reading.Quality is Quality.Good or Quality.Implausible;
            row[snapshot.Sensors[position].Key] = new StoredReading(isKept ? reading.Value : null, isKept && reading.Value is null ? reading.Text : null, reading.Quality);
        }

        return snapshot;
    }

    private static Snapshot Of(DateTimeOffset at, SensorDefinition[] sensors, Random random, bool quiet) =>
        new(Pump, at, new SensorSet(sensors), [.. sensors.Select(sensor => ReadingOf(sensor, at, random, quiet))]);

    private static Reading ReadingOf(SensorDefinition sensor, DateTimeOffset at, Random random, bool quiet)
    {
        if (sensor.Kind == ValueKind.Text) return new Reading(null, $"v{random.Next(3)}", Quality.Good, at);
        return (quiet ? 9 : random.Next(10)) switch
        {
            0 => Reading.Missing(at, "not fitted"),
            1 => Reading.Failed(at, "no answer"),
            2 => new Reading(random.NextDouble() * 1e6, null, Quality.Implausible, at, "too much"),
            3 => new Reading(5, null, Quality.Stale, at, "old"),
            4 => new Reading(random.NextDouble(), null, Quality.Good, at),
            _ => new Reading(random.Next(-200, 600) / 10.0, null, Quality.Good, at),
        };
    }

    private async Task AssertBlocksAsync()
    {
        var back = new SortedDictionary<DateTimeOffset, Dictionary<SensorKey, StoredReading>>();
        await foreach (var block in _store.ReadAsync(Pump, null, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default))
        {
            Assert.InRange(block.Times.Count, 1, HistoryBlock.MostPolls);
            for (var poll = 0; poll < block.Times.Count; poll++)
            {
                Assert.True(back.Count == 0 || block.Times[poll] > back.Keys.Last());
                back[block.Times[poll]] = block.Series.Where(series => series.Readings[poll].Quality is not null).ToDictionary(series => series.Sensor, series => series.Readings[poll]);
            }
        }

        Assert.Equal(_expected.Keys, back.Keys);
        foreach (var (at, row) in _expected)
        {
            // A stale reading is kept as a gap.
            var expected = row.ToDictionary(one => one.Key, one => one.Value);
            Assert.Equal(expected.OrderBy(one => one.Key.Value), back[at].OrderBy(one => one.Key.Value));
        }

        var extent = await _store.ExtentAsync(Pump, default);
        Assert.Equal((_expected.Keys.First(), _expected.Keys.Last()), (extent!.First, extent.Last));
    }

    private Task AssertQueryAsync(Random random)
    {
        var (first, last) = (_expected.Keys.First(), _expected.Keys.Last());
        var from = first.AddMilliseconds(random.NextInt64((long)(last - first).TotalMilliseconds));
        var to = from.AddMilliseconds(1 + random.NextInt64((long)(last - from).TotalMilliseconds + 100_000));
        return AssertQueryAsync(new HistoryQuery(Pump, [FakeMake.Target.Key, SensorKey.Parse("nothing"), FakeMake.Outdoor.Key], from, to, random.Next(2, 900)));
    }

    private async Task AssertSensorsAsync(Random random)
    {
        var from = Start.AddSeconds(random.Next(-1_000, 40_000));
        var to = from.AddSeconds(random.Next(1, 30) * random.Next(1, 2_000));
        var expected = _expected.Where(row => row.Key >= from && row.Key < to).SelectMany(row => row.Value.Where(one => one.Value.Value is not null || one.Value.Text is not null));
        Assert.Equal(expected.Select(one => one.Key.Value).Distinct().Order(), (await _store.SensorsAsync(Pump, from, to, default)).Select(sensor => sensor.Value).Order());
    }

    private async Task AssertQueryAsync(HistoryQuery query)
    {
        var table = await _store.QueryAsync(query, default);
        var rows = _expected.Where(row => row.Key >= query.From && row.Key < query.To).ToList();
        Assert.InRange(table.Times.Count, 0, query.Points);
        for (var column = 0; column < query.Sensors.Count; column++)
        {
            var values = rows.Where(row => row.Value.GetValueOrDefault(query.Sensors[column]).IsGood)
                .Select(row => (row.Key, Value: row.Value[query.Sensors[column]].Value!.Value)).ToList();
            if (table.BucketWidth == TimeSpan.Zero) AssertPolls(table, table.Columns[column], values);
            else AssertBuckets(table, table.Columns[column], values);
        }
    }

    private static void AssertPolls(HistoryTable table, HistoryColumn column, List<(DateTimeOffset At, double Value)> values) =>
        Assert.Equal(values, table.Times.Zip(column.Last).Where(row => row.Second is not null).Select(row => (row.First, row.Second!.Value)));

    private static void AssertBuckets(HistoryTable table, HistoryColumn column, List<(DateTimeOffset At, double Value)> values)
    {
        var buckets = values.GroupBy(value => table.Times.Count(time => time <= value.At) - 1, value => value.Value).ToDictionary(bucket => bucket.Key, bucket => bucket.ToList());
        for (var bucket = 0; bucket < table.Times.Count; bucket++)
        {
            var own = buckets.GetValueOrDefault(bucket) ?? [];
            Assert.Equal(own.Count, column.Count[bucket]);
            Assert.Equal(own.Count == 0 ? (null, null, null) : ((double?)own.Min(), (double?)own.Max(), (double?)own[^1]), (column.Min[bucket], column.Max[bucket], column.Last[bucket]));
            if (own.Count > 0) Assert.Equal(own.Average(), column.Mean[bucket]!.Value, own.Max(Math.Abs) * 1e-9);
        }
    }
}
