using HPManager.Benchmarks.Store.Data;
using HPManager.Core.History;
using HPManager.Core.Sensors;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>Some sensors of one heat pump over a range, and what the right answer is, worked out without any store.</summary>
internal sealed class Question
{
    private const double Rounding = 1e-9;

    public Question(Recording recording, int sensors, int points)
    {
        Recording = recording;
        Positions = recording.Liveliest(sensors);
        Query = new HistoryQuery(recording.HeatPump, [.. Positions.Select(position => recording.Sensors[position].Key)], recording.From, recording.To, points);
        Buckets = HistoryBuckets.Of(recording.From, recording.To, points);
    }

    public Recording Recording { get; }

    public int[] Positions { get; }

    public HistoryQuery Query { get; }

    public HistoryBuckets Buckets { get; }

    public IReadOnlyList<SensorKey> Sensors => Query.Sensors;

    /// <exception cref="InvalidOperationException">A bucket is not what it must be.</exception>
    public void CheckBucket(string who, int sensor, int bucket, double? min, double? mean, double? max)
    {
        var every = (long)Recording.Every.TotalMilliseconds;
        var begin = Recording.From.ToUnixTimeMilliseconds();
        var first = Math.Max(0, (Buckets.StartOf(bucket) - begin + every - 1) / every);
        var end = Math.Min(Recording.Polls, (Buckets.StartOf(bucket) + Buckets.Width - begin + every - 1) / every);
        var values = new List<double>();
        for (var poll = first; poll < end; poll++)
        {
            var value = Recording.Row((int)poll)[Positions[sensor]];
            if (!double.IsNaN(value)) values.Add(value);
        }

        if (values.Count == 0 ? min is null : min == values.Min() && max == values.Max() && Math.Abs(mean!.Value - values.Average()) <= Rounding * Math.Max(1, Math.Abs(mean.Value))) return;
        throw new InvalidOperationException($"{who}: {Sensors[sensor]} in bucket {bucket} is {min}, {mean}, {max}.");
    }

    /// <exception cref="InvalidOperationException">A poll is not what it must be.</exception>
    public void CheckPoll(string who, int sensor, long moment, double? value)
    {
        var poll = (int)((moment - Recording.From.ToUnixTimeMilliseconds()) / (long)Recording.Every.TotalMilliseconds);
        var expected = Recording.Row(poll)[Positions[sensor]];
        if (double.IsNaN(expected) ? value is null : value == expected) return;
        throw new InvalidOperationException($"{who}: {Sensors[sensor]} at {moment} is {value} instead of {expected}.");
    }
}
