using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Writes polls to an engine as the feed would, and compares what it answers with what was written.</summary>
internal static class SameAnswers
{
    public static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    public static readonly HeatPumpId Other = HeatPumpId.Parse("hp-two");
    private static readonly DateTimeOffset Start = new(2026, 1, 30, 22, 40, 0, TimeSpan.Zero);

    /// <param name="engine">The engine, empty.</param>
    /// <param name="settle">Waits until what was written can be read.</param>
    /// <param name="seed">What chance begins with.</param>
    /// <param name="loss">How far off a value may be, relative: 0 when it must come back bit for bit.</param>
    public static async Task CheckAsync(IHistoryEngine engine, Func<Task> settle, int seed, double loss = 0)
    {
        var polls = new RandomPolls(seed, Pump, Start);
        var others = new RandomPolls(seed + 1000, Other, Start);
        await WriteAsync(engine, others.Batch(0, 700, "s1255"));

        // Late ones come after, two of the batches are sent twice, and the heat pump gets another model and another place.
        await WriteAsync(engine, polls.Batch(0, 200, "s1155"));
        await WriteAsync(engine, polls.Batch(300, 450, "s1155"));
        await settle();
        await WriteAsync(engine, polls.Batch(150, 450, "s1155", mayBeThere: true));
        await WriteAsync(engine, polls.Batch(450, 600, "s1255", location: null, isShuffled: true));
        await settle();
        await WriteAsync(engine, polls.Batch(450, 700, "s1255", location: null, mayBeThere: true));
        await settle();

        foreach (var query in Queries(polls.Times[0], polls.Times[^1], new Random(seed)))
        {
            var expected = NaiveHistory.Query([polls, others], query);
            var actual = await engine.QueryAsync(query, CancellationToken.None);
            Compare(expected, actual, query, loss);
        }
    }

    private static async Task WriteAsync(IHistoryEngine engine, EngineBatch batch)
    {
        var receipt = await engine.WriteAsync(batch, CancellationToken.None);
        Assert.Empty(receipt.Refused);
        Assert.Equal(batch.Polls.Series.Sum(series => series.Readings.Count(reading => reading.IsGood)), receipt.Readings);
    }

    private static IEnumerable<HistoryQuery> Queries(DateTimeOffset first, DateTimeOffset last, Random random)
    {
        SensorKey[] all = [.. RandomPolls.Scales.Select((_, index) => RandomPolls.KeyOf(index))];
        SensorKey[] odd = [all[2], SensorKey.Parse("words"), SensorKey.Parse("nobody_knows"), all[0], all[2]];
        int[] points = [2, 3, 10, 57, 100, 400, 20_000];
        foreach (var most in points)
        {
            yield return new HistoryQuery(Pump, all, first, last.AddMilliseconds(1), most);
            yield return new HistoryQuery(Pump, odd, first.AddHours(-1), last.AddDays(1), most);
            yield return new HistoryQuery(Other, all, first.AddTicks(random.NextInt64(1, TimeSpan.TicksPerHour)), last.AddTicks(-random.NextInt64(1, TimeSpan.TicksPerHour)), most);
            var from = first.AddMilliseconds(random.Next((int)(last - first).TotalMilliseconds));
            yield return new HistoryQuery(Pump, all, from, from.AddMilliseconds(random.Next(1, 1_500_000)), most);
        }

        yield return new HistoryQuery(Pump, all, first, first.AddMilliseconds(1), 2);
        yield return new HistoryQuery(Pump, all, first.AddMilliseconds(1), first.AddSeconds(10), 2);
        yield return new HistoryQuery(Pump, all, first.AddYears(-1), first, 10);
        yield return new HistoryQuery(HeatPumpId.Parse("hp-none"), all, first, last, 100);
        yield return new HistoryQuery(Pump, all, new DateTimeOffset(200, 1, 1, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.MaxValue, 100);
        yield return new HistoryQuery(Pump, [SensorKey.Parse("nobody_knows")], first, last, 1000);
    }

    private static void Compare(HistoryTable expected, HistoryTable actual, HistoryQuery query, double loss)
    {
        var what = $"{query.HeatPumpId} {query.From:O} to {query.To:O}, {query.Points} points";
        Assert.True(expected.BucketWidth == actual.BucketWidth, $"{what}: width {actual.BucketWidth} instead of {expected.BucketWidth}");
        Assert.Equal(expected.Times, actual.Times);
        Assert.Equal(expected.Columns.Count, actual.Columns.Count);
        for (var column = 0; column < expected.Columns.Count; column++)
        {
            var (want, have) = (expected.Columns[column], actual.Columns[column]);
            for (var row = 0; row < expected.Times.Count; row++)
            {
                var where = $"{what}: {query.Sensors[column]} at {expected.Times[row]:O}";
                Assert.True(want.Count[row] == have.Count[row], $"{where}: count {have.Count[row]} instead of {want.Count[row]}");
                var size = Math.Max(Math.Abs(want.Min[row] ?? 0), Math.Abs(want.Max[row] ?? 0));
                Check(want.Min[row], have.Min[row], size * loss, $"{where}: minimum");
                Check(want.Max[row], have.Max[row], size * loss, $"{where}: maximum");
                Check(want.Last[row], have.Last[row], size * loss, $"{where}: last");
                Check(want.Mean[row], have.Mean[row], size * 1e-9, $"{where}: mean");
            }
        }
    }

    private static void Check(double? want, double? have, double tolerance, string what)
    {
        var isSame = want is { } w && have is { } h ? Math.Abs(w - h) <= tolerance : want is null && have is null;
        Assert.True(isSame, string.Create(CultureInfo.InvariantCulture, $"{what} {have:R} instead of {want:R}"));
    }
}
