using System.Runtime.InteropServices;
using HPManager.Core.History;
using HPManager.Web.Components.Charts;

namespace HPManager.Tests.Web.Components.Charts;

public class ChartDataTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_000_000);

    [Fact]
    public void PackLines_Polls_IsHeadTargetsTimesAndColumns()
    {
        var block = Block([0, 30], [HistoryColumn.OfPolls([1.5, null]), HistoryColumn.OfPolls([3, 4])], TimeSpan.Zero);

        Assert.Equal([1, 2, 2, 0, 105, 0, 4, 1_000_000, 1_000_030, 1.5, double.NaN, 3, 4], Numbers(ChartData.PackLines([block])));
    }

    [Fact]
    public void PackLines_Buckets_StandInTheirMiddleWithTheirEnds()
    {
        var block = Block([0, 600], [new HistoryColumn([1, 2], [5, 6], [8, 9], [4, 4], [20, 20])], TimeSpan.FromMinutes(10));

        Assert.Equal([1, 2, 3, 600, 1500, 0, 1, 2, 1_000_300, 1_000_900, 5, 6, 1, 2, 8, 9], Numbers(ChartData.PackLines([block])));
    }

    [Fact]
    public void PackLines_EarlierPeriod_IsMovedAndHasNoBand()
    {
        var block = Block([0], [new HistoryColumn([1], [5], [8], [4], [20])], TimeSpan.FromMinutes(10)) with { Shift = TimeSpan.FromDays(1) };

        Assert.Equal([1, 1, 1, 600, 1500, 3, 1_086_700, 5], Numbers(ChartData.PackLines([block])));
    }

    [Fact]
    public void PackLines_StretchWithoutRows_BecomesAGap()
    {
        var values = Numbers(ChartData.PackLines([Polls(30, 0, 30, 60, 3600, 3630, 3660)]))[6..];

        Assert.Equal([0, 30, 60, 112.5, 3600, 3630, 3660], values[..7].Select(time => time - 1_000_000));
        Assert.Equal([0, 1, 2, double.NaN, 3, 4, 5], values[7..]);
    }

    [Fact]
    public void PackLines_MeasuredLessOftenInThePast_IsNoGap()
    {
        // Every minute at first, every five seconds since.
        Assert.DoesNotContain(double.NaN, Numbers(ChartData.PackLines([Polls(5, 0, 60, 120, 180, 240, 245, 250, 255)])));
    }

    [Fact]
    public void PackLines_TwoGapsInARow_AreBothKept() =>
        Assert.Equal(2, Numbers(ChartData.PackLines([Polls(5, 0, 5, 10, 7200, 14_400, 14_405, 14_410)])).Count(double.IsNaN));

    [Fact]
    public void PackStates_OnlyChangesGapsAndTheEnd_AreTold()
    {
        var block = Block([0, 30, 60, 90, 3600, 3630], [HistoryColumn.OfPolls([1, 1, 2, 2, 2, 2])], TimeSpan.Zero);

        var values = Numbers(ChartData.PackStates([block]))[6..];

        Assert.Equal([0, 60, 120, 3600, 3660], values[..5].Select(time => time - 1_000_000));
        Assert.Equal([1, 2, double.NaN, 2, double.NaN], values[5..]);
    }

    [Fact]
    public void LongestJoin_ThinnedTable_FollowsTheBuckets() =>
        Assert.Equal(TimeSpan.FromMinutes(25), HistoryGaps.LongestJoin(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)));

    private static ChartBlock Polls(int interval, params int[] seconds) =>
        Block(seconds, [HistoryColumn.OfPolls([.. seconds.Select((_, row) => (double?)row)])], TimeSpan.Zero, interval);

    private static ChartBlock Block(int[] seconds, HistoryColumn[] columns, TimeSpan bucket, int interval = 30) => new(
        Lines.State(seconds: interval), [.. Enumerable.Range(0, columns.Length)], [.. seconds.Select(second => Start.AddSeconds(second))], columns, bucket, TimeSpan.Zero);

    private static double[] Numbers(byte[] packed) => MemoryMarshal.Cast<byte, double>(packed).ToArray();
}
