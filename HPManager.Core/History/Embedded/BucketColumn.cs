using System.Runtime.CompilerServices;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>Gathers a series' values into buckets; values and cells come in ascending time.</summary>
internal sealed class BucketColumn(HistoryBuckets buckets)
{
    private readonly double[] _min = new double[buckets.Count];
    private readonly double[] _max = new double[buckets.Count];
    private readonly double[] _sum = new double[buckets.Count];
    private readonly double[] _last = new double[buckets.Count];
    private readonly int[] _count = new int[buckets.Count];

    /// <summary>Adds the good values of some polls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<long> times, SeriesColumn column)
    {
        // The bucket is looked up only where it changes: polls come in runs.
        var (bucket, end) = (-1, long.MinValue);
        for (var poll = 0; poll < times.Length; poll++)
        {
            if (column.States[poll] != ReadingState.Good) continue;
            if (times[poll] >= end)
            {
                bucket = (int)buckets.IndexOf(times[poll]);
                end = buckets.StartOf(bucket) + buckets.Width;
            }

            var value = column.Values[poll];
            Add(bucket, new Cell(0, 1, value, value, value, value));
        }
    }

    /// <summary>Adds what the hours of a range came to; an hour that begins before the buckets counts for the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<Cell> cells, long from, long to)
    {
        var (bucket, end) = (-1, long.MinValue);
        foreach (ref readonly var cell in cells)
        {
            var at = cell.Hour * Cell.Width;
            if (at + Cell.Width <= from || at >= to) continue;
            if (at >= end)
            {
                bucket = (int)Math.Max(0, buckets.IndexOf(at));
                end = buckets.StartOf(bucket) + buckets.Width;
            }

            Add(bucket, cell);
        }
    }

    public HistoryColumn ToColumn() => new(
        Where(bucket => _min[bucket]), Where(bucket => _sum[bucket] / _count[bucket]), Where(bucket => _max[bucket]), Where(bucket => _last[bucket]), _count);

    private double?[] Where(Func<int, double> value)
    {
        var values = new double?[buckets.Count];
        for (var bucket = 0; bucket < values.Length; bucket++)
        {
            if (_count[bucket] > 0) values[bucket] = value(bucket);
        }

        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int bucket, in Cell cell)
    {
        if (_count[bucket] == 0) (_min[bucket], _max[bucket]) = (cell.Min, cell.Max);
        else
        {
            if (cell.Min < _min[bucket]) _min[bucket] = cell.Min;
            if (cell.Max > _max[bucket]) _max[bucket] = cell.Max;
        }

        _sum[bucket] += cell.Sum;
        _last[bucket] = cell.Last;
        _count[bucket] += cell.Count;
    }
}
