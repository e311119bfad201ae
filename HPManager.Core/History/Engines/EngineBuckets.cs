namespace HPManager.Core.History.Engines;

/// <summary>What a series tells of a bucket.</summary>
/// <param name="Min">Its smallest value.</param>
/// <param name="Mean">Mean of its values.</param>
/// <param name="Max">Its largest value.</param>
/// <param name="Last">Its latest value.</param>
/// <param name="LastAt">When that was, in any unit that grows with time.</param>
/// <param name="Count">How many values there are, at least 1.</param>
internal readonly record struct BucketPart(double Min, double Mean, double Max, double Last, double LastAt, int Count)
{
    /// <summary>Both together: a sensor's values may lie in several series of an engine, because a name or a model changed.</summary>
    public BucketPart With(BucketPart other)
    {
        var count = Count + other.Count;
        var later = other.LastAt >= LastAt ? other : this;
        return new BucketPart(
            Math.Min(Min, other.Min), ((Mean * Count) + (other.Mean * other.Count)) / count, Math.Max(Max, other.Max), later.Last, later.LastAt, count);
    }
}

/// <summary>The buckets of the sensors of a question, as they come from an engine.</summary>
internal sealed class EngineBuckets(int sensors, HistoryBuckets buckets)
{
    private readonly BucketPart[][] _parts = [.. Enumerable.Range(0, sensors).Select(_ => new BucketPart[buckets.Count])];

    /// <summary>The buckets.</summary>
    public HistoryBuckets Buckets => buckets;

    /// <summary>Adds what a series tells of the bucket that a moment lies in; nothing when it lies in none of them.</summary>
    public void Add(int sensor, long moment, BucketPart part)
    {
        var bucket = buckets.IndexOf(moment);
        if (bucket < 0 || bucket >= buckets.Count || part.Count == 0) return;
        ref var kept = ref _parts[sensor][bucket];
        kept = kept.Count == 0 ? part : kept.With(part);
    }

    /// <summary>The table.</summary>
    public HistoryTable ToTable() => new(buckets.Times(), [.. _parts.Select(ColumnOf)], TimeSpan.FromMilliseconds(buckets.Width));

    private static HistoryColumn ColumnOf(BucketPart[] parts)
    {
        double?[] Of(Func<BucketPart, double> what) => Array.ConvertAll(parts, part => part.Count == 0 ? null : (double?)what(part));
        return new HistoryColumn(Of(part => part.Min), Of(part => part.Mean), Of(part => part.Max), Of(part => part.Last), Array.ConvertAll(parts, part => part.Count));
    }
}
