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
        var table = new HistoryTable([Start, Start.AddSeconds(30)], [new double?[] { 1.5, null }, new double?[] { 3, 4 }], TimeSpan.Zero);

        var packed = ChartData.Pack(table, TimeSpan.FromMinutes(2));

        Assert.Equal([2, 2], [BinaryPrimitives.ReadInt32LittleEndian(packed), BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(4))]);
        Assert.Equal([1_000_000, 1_000_030, 1.5, double.NaN, 3, 4], Doubles(packed));
    }

    [Fact]
    public void Pack_StretchWithoutRows_BecomesAGap()
    {
        var table = new HistoryTable([Start, Start.AddHours(1)], [new double?[] { 1, 2 }], TimeSpan.Zero);

        var values = Doubles(ChartData.Pack(table, TimeSpan.FromMinutes(2)));

        Assert.Equal([1_000_000, 1_000_060, 1_003_600, 1, double.NaN, 2], values);
    }

    [Fact]
    public void LongestJoin_ThinnedTable_FollowsTheBuckets() =>
        Assert.Equal(TimeSpan.FromMinutes(25), ChartData.LongestJoin(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)));

    private static List<double> Doubles(byte[] packed)
    {
        var values = new List<double>();
        for (var at = 8; at < packed.Length; at += 8) values.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(at)));
        return values;
    }
}
