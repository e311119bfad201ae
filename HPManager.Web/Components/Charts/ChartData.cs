using System.Runtime.InteropServices;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// History as the browser's chart takes it: 64-bit floats, little-endian. The number of blocks; then of each block its rows, its columns, the width of its
/// buckets and the distance of rows up to which nothing is missing, both in seconds; the target of each column; the times in Unix seconds; and each column. NaN is
/// a gap. A target is a series' position × 4, plus 0 for the line, 1 and 2 for minimum and maximum around it, 3 for the line of an earlier period.
/// </summary>
internal static class ChartData
{
    private const int TargetsPerSeries = 4;
    private const int Line = 0;
    private const int Low = 1;
    private const int High = 2;
    private const int Before = 3;

    /// <summary>Packs what was read for a chart of numbers: a point stands in the middle of its bucket.</summary>
    public static byte[] PackLines(IReadOnlyList<ChartBlock> blocks)
    {
        var packed = new List<double> { blocks.Count };
        foreach (var block in blocks) AddLines(packed, block);
        return Bytes(packed);
    }

    /// <summary>Packs what was read for a timeline: only the moments at which a state begins, and the last one's end.</summary>
    public static byte[] PackStates(IReadOnlyList<ChartBlock> blocks)
    {
        var packed = new List<double> { blocks.Sum(block => block.Columns.Count) };
        foreach (var block in blocks)
        {
            for (var column = 0; column < block.Columns.Count; column++) AddStates(packed, block, column);
        }

        return Bytes(packed);
    }

    private static void AddLines(List<double> packed, ChartBlock block)
    {
        var rows = Rows(block).ToList();
        var isEarlier = block.Shift != TimeSpan.Zero;
        var isThinned = block.BucketWidth > TimeSpan.Zero && !isEarlier;
        var columns = new List<(int Target, double?[] Values)>();
        for (var column = 0; column < block.Columns.Count; column++)
        {
            var target = block.Series[column] * TargetsPerSeries;
            columns.Add((target + (isEarlier ? Before : Line), block.Columns[column].Mean));
            if (!isThinned) continue;
            columns.Add((target + Low, block.Columns[column].Min));
            columns.Add((target + High, block.Columns[column].Max));
        }

        AddHead(packed, block, rows.Count, columns.ConvertAll(column => column.Target));
        packed.AddRange(rows.Select(row => Seconds(row.Time + block.Shift + (block.BucketWidth / 2))));
        foreach (var (_, values) in columns) packed.AddRange(rows.Select(row => row.Row is { } position ? values[position] ?? double.NaN : double.NaN));
    }

    private static void AddStates(List<double> packed, ChartBlock block, int column)
    {
        var changes = new List<(DateTimeOffset Time, double Value)>();
        void Take(DateTimeOffset time, double value)
        {
            var former = changes.Count == 0 ? double.NaN : changes[^1].Value;
            if (!former.Equals(value)) changes.Add((time, value));
        }

        var lasting = block.BucketWidth > TimeSpan.Zero ? block.BucketWidth : block.State.HeatPump.Interval;
        for (var row = 0; row < block.Times.Count; row++)
        {
            if (block.IsGapBefore(row)) Take(block.Times[row - 1] + lasting, double.NaN);
            Take(block.Times[row], block.Columns[column].Last[row] ?? double.NaN);
        }

        if (block.Times.Count > 0) Take(block.Times[^1] + lasting, double.NaN);
        AddHead(packed, block, changes.Count, [(block.Series[column] * TargetsPerSeries) + (block.Shift == TimeSpan.Zero ? Line : Before)]);
        packed.AddRange(changes.Select(change => Seconds(change.Time + block.Shift)));
        packed.AddRange(changes.Select(change => change.Value));
    }

    private static void AddHead(List<double> packed, ChartBlock block, int rows, List<int> targets)
    {
        packed.AddRange([rows, targets.Count, block.BucketWidth.TotalSeconds, block.LongestJoin.TotalSeconds]);
        packed.AddRange(targets.Select(target => (double)target));
    }

    private static IEnumerable<(DateTimeOffset Time, int? Row)> Rows(ChartBlock block)
    {
        for (var row = 0; row < block.Times.Count; row++)
        {
            if (block.IsGapBefore(row)) yield return (block.Times[row - 1] + (block.LongestJoin / 2), null);
            yield return (block.Times[row], row);
        }
    }

    private static double Seconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() / 1000.0;

    private static byte[] Bytes(List<double> values)
    {
        var numbers = CollectionsMarshal.AsSpan(values);
        if (BitConverter.IsLittleEndian) return MemoryMarshal.AsBytes(numbers).ToArray();
        var swapped = new byte[numbers.Length * sizeof(double)];
        for (var index = 0; index < numbers.Length; index++)
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(swapped.AsSpan(index * sizeof(double)), numbers[index]);
        return swapped;
    }
}
