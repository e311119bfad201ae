using FsCheck;
using FsCheck.Fluent;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

/// <summary>What every answer promises, over polls at any distance with any values and holes.</summary>
public sealed class ThinningTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly SensorSet Sensors = new([FakeMake.Outdoor]);

    private static readonly Gen<Case> Cases =
        from polls in Gen.Choose(1, 60)
        from distances in Gen.Frequency(
            (8, Gen.Constant(30_000)), (2, Gen.Choose(1, 60_000)), (1, Gen.Choose(60_000, 90_000_000))).ListOf(polls)
        from values in Gen.Frequency<double?>(
            (6, Gen.Choose(-300, 800).Select(tenths => (double?)(tenths / 10.0))),
            (1, ArbMap.Default.GeneratorFor<NormalFloat>().Select(value => (double?)value.Get)),
            (1, Gen.Constant((double?)null))).ListOf(polls)
        from points in Gen.Choose(2, 70)
        from margin in Gen.Choose(1, 100_000)
        select new Case([.. distances], [.. values], points, margin);

    private readonly DataFolder _folder = new();
    private EmbeddedTimeSeriesStore _store = null!;
    private int _pumps;

    public async Task InitializeAsync()
    {
        _store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.Path }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await _store.StartAsync(default);
    }

    public Task DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Query_AnyPolls_NeverMoreRowsThanAskedAscendingAndInsideTheRange()
    {
        foreach (var @case in Cases.Sample(60, 150))
        {
            var table = await AskAsync(@case);

            Assert.InRange(table.Times.Count, 1, @case.Points);
            Assert.Equal(table.Times.Distinct().Order(), table.Times);
            Assert.True(table.Times[0] + table.BucketWidth >= Start, $"{table.Times[0]:O} lies wholly before {@case}");
            Assert.True(table.Times[^1] < Start + @case.Range, $"{table.Times[^1]:O} is not before the end of {@case}");
            Assert.Equal(table.Times.Count, Assert.Single(table.Columns).Mean.Length);
        }
    }

    [Fact]
    public async Task Query_AnyPolls_HoldsTheMinimumAndTheMaximumOfEveryBucketOrEveryValue()
    {
        foreach (var @case in Cases.Sample(60, 150))
        {
            var table = await AskAsync(@case);

            if (table.BucketWidth == TimeSpan.Zero)
            {
                Assert.Equal(@case.Values.Where(value => value is not null), table.Columns[0].Mean.Where(value => value is not null));
                continue;
            }

            var column = table.Columns[0];
            for (var bucket = 0; bucket < table.Times.Count; bucket++)
            {
                var own = @case.Polls
                    .Where(poll => poll.Value is not null && poll.At >= table.Times[bucket] && poll.At < table.Times[bucket] + table.BucketWidth)
                    .Select(poll => poll.Value!.Value)
                    .ToList();
                Assert.Equal(own.Count, column.Count[bucket]);
                if (own.Count == 0)
                {
                    Assert.Equal([null, null, null, null], [column.Min[bucket], column.Mean[bucket], column.Max[bucket], column.Last[bucket]]);
                    continue;
                }

                Assert.Equal([own.Min(), own.Max(), own[^1]], [column.Min[bucket], column.Max[bucket], column.Last[bucket]]);
                Assert.Equal(own.Average(), column.Mean[bucket]!.Value, own.Max(Math.Abs) * 1e-9);
            }
        }
    }

    private async Task<HistoryTable> AskAsync(Case @case)
    {
        var pump = HeatPumpId.FromNumber(++_pumps);
        await _store.AppendAsync([.. @case.Polls.Select(poll => new Snapshot(pump, poll.At, Sensors, [ReadingOf(poll.Value, poll.At)]))], default);
        return await _store.QueryAsync(new HistoryQuery(pump, [FakeMake.Outdoor.Key], Start, Start + @case.Range, @case.Points), default);
    }

    private static Reading ReadingOf(double? value, DateTimeOffset at) =>
        value is { } known ? new Reading(known, null, Quality.Good, at) : Reading.Failed(at, "no answer");

    private sealed record Case(IReadOnlyList<int> Distances, IReadOnlyList<double?> Values, int Points, int Margin)
    {
        public TimeSpan Range => TimeSpan.FromMilliseconds(Distances.Skip(1).Sum(distance => (long)distance) + Margin);

        public IReadOnlyList<(DateTimeOffset At, double? Value)> Polls
        {
            get
            {
                var polls = new List<(DateTimeOffset, double?)>();
                var at = Start;
                for (var index = 0; index < Values.Count; index++)
                {
                    if (index > 0) at += TimeSpan.FromMilliseconds(Distances[index]);
                    polls.Add((at, Values[index]));
                }

                return polls;
            }
        }
    }
}
