using System.Buffers.Binary;
using HPManager.Core.History;

namespace HPManager.Web.Components.Controls;

/// <summary>
/// History as the browser's chart takes it: little-endian, rows and columns as 32-bit integers, then the times in Unix seconds and each column as 64-bit
/// floats; NaN is a gap. A stretch without rows becomes a gap, so that no line is drawn over what nobody measured.
/// </summary>
internal static class ChartData
{
    private const int HeaderLength = 8;

    /// <summary>Packs a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="longestJoin">Rows not further apart are always joined; see <see cref="HistoryGaps"/>.</param>
    public static byte[] Pack(HistoryTable table, TimeSpan longestJoin)
    {
        var rows = Rows(table, longestJoin).ToList();
        var packed = new byte[HeaderLength + (rows.Count * (table.Columns.Count + 1) * sizeof(double))];
        BinaryPrimitives.WriteInt32LittleEndian(packed, rows.Count);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), table.Columns.Count);
        var at = HeaderLength;
        foreach (var (time, _) in rows) Write(packed, ref at, time.ToUnixTimeMilliseconds() / 1000.0);
        foreach (var column in table.Columns)
        {
            foreach (var (_, row) in rows) Write(packed, ref at, row is { } position ? column.Mean[position] ?? double.NaN : double.NaN);
        }

        return packed;
    }

    private static IEnumerable<(DateTimeOffset Time, int? Row)> Rows(HistoryTable table, TimeSpan longestJoin)
    {
        for (var row = 0; row < table.Times.Count; row++)
        {
            if (HistoryGaps.IsBefore(table, row, longestJoin)) yield return (table.Times[row - 1] + (longestJoin / 2), null);
            yield return (table.Times[row], row);
        }
    }

    private static void Write(byte[] packed, ref int at, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(packed.AsSpan(at), value);
        at += sizeof(double);
    }
}
