using System.Buffers.Binary;
using HPManager.Core.History;
using HPManager.Web.Components.Controls;

namespace HPManager.Tests.Web.Components.Controls;

public class ChartDataTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_000_000);

    [Fact]
    public void Pack_Table_IsHeaderTimesAndColumns()
    {
        var table = new HistoryTable([Start, Start.AddSeconds(30)], [HistoryColumn.OfPolls([1.5, null]), HistoryColumn.OfPolls([3, 4])], TimeSpan.Zero);

        var packed = ChartData.Pack(table, TimeSpan.FromMinutes(2));

        Assert.Equal([2, 2], [BinaryPrimitives.ReadInt32LittleEndian(packed), BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(4))]);
        Assert.Equal([1_000_000, 1_000_030, 1.5, double.NaN, 3, 4], Doubles(packed));
    }

    [Fact]
    public void Pack_StretchWithoutRows_BecomesAGap()
    {
        var table = Table(0, 30, 60, 3600, 3630, 3660);

        var values = Doubles(ChartData.Pack(table, TimeSpan.FromMinutes(2)));

        Assert.Equal([0, 30, 60, 120, 3600, 3630, 3660], values.Take(7).Select(time => time - 1_000_000));
        Assert.Equal([0, 1, 2, double.NaN, 3, 4, 5], values.Skip(7));
    }

    [Fact]
    public void Pack_MeasuredLessOftenInThePast_IsNoGap()
    {
        // Every minute at first, every five seconds since.
        var table = Table(0, 60, 120, 180, 240, 245, 250, 255);

        Assert.DoesNotContain(double.NaN, Doubles(ChartData.Pack(table, TimeSpan.FromSeconds(17.5))));
    }

    [Fact]
    public void Pack_TwoGapsInARow_AreBothKept()
    {
        var table = Table(0, 5, 10, 7200, 14_400, 14_405, 14_410);

        Assert.Equal(2, Doubles(ChartData.Pack(table, TimeSpan.FromSeconds(17.5))).Count(double.IsNaN));
    }

    [Fact]
    public void LongestJoin_ThinnedTable_FollowsTheBuckets() =>
        Assert.Equal(TimeSpan.FromMinutes(25), HistoryGaps.LongestJoin(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)));

    private static HistoryTable Table(params int[] seconds) =>
        new([.. seconds.Select(second => Start.AddSeconds(second))], [HistoryColumn.OfPolls([.. seconds.Select((_, row) => (double?)row)])], TimeSpan.Zero);

    private static List<double> Doubles(byte[] packed)
    {
        var values = new List<double>();
        for (var at = 8; at < packed.Length; at += 8) values.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(at)));
        return values;
    }
}
