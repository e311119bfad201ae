using System.Numerics;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Turns the head into segments, and short neighbouring segments into longer ones, a sixteen of about the same length at a time, so that a reading is written few times
/// (O'Neil et al., The log-structured merge-tree, 1996). Late polls go into the segment that covers their time. Works in the caller's transaction.
/// </summary>
internal sealed class Sealing(SqliteConnection connection, SegmentTable segments)
{
    private const int Together = 16;
    private const int PollsTogether = 8_192;
    private const int ClassBits = 4;

    /// <summary>Polls that came too late: only the aggregates of their time are kept, and these cannot take them any more.</summary>
    public long TooLate { get; private set; }

    /// <summary>Seals what waits of some heat pumps.</summary>
    public void Seal(Head head, IReadOnlyCollection<long> pumps)
    {
        foreach (var pump in pumps) Seal(pump, Head.ToColumns(head.Of(pump), series: null));
        if (pumps.Count == head.Pumps().Count) connection.Run("DELETE FROM head");
        else foreach (var pump in pumps) connection.Run("DELETE FROM head WHERE pump = $0", pump);
    }

    /// <summary>Seals polls of a heat pump.</summary>
    public void Seal(long pump, PollColumns polls)
    {
        var rest = polls;
        foreach (var segment in segments.Overlapping(pump, polls.Times[0], polls.Times[^1] + 1))
        {
            InsertUnlessEmpty(pump, rest.Between(long.MinValue, segment.First));
            var late = rest.Between(segment.First, segment.Last + 1);
            rest = rest.Between(segment.Last + 1, long.MaxValue);
            if (late.Count > 0) Join(segment, late);
        }

        InsertUnlessEmpty(pump, rest);
        while (JoinShort(pump))
        {
            // What was joined may in turn be one of sixteen.
        }
    }

    private void InsertUnlessEmpty(long pump, PollColumns polls)
    {
        if (polls.Count > 0) segments.Insert(pump, polls);
    }

    private void Join(Segment segment, PollColumns late)
    {
        if (!segment.HasBody)
        {
            TooLate += late.Count;
            return;
        }

        var whole = segments.Polls(segment, series: null);
        segments.Delete(segment);
        segments.Insert(segment.Pump, PollColumns.Merge(whole, late));
    }

    private bool JoinShort(long pump)
    {
        var run = new List<Segment>();
        foreach (var segment in segments.All(pump))
        {
            var fits = segment is { IsLong: false, HasBody: true } && (run.Count == 0 || AreAlike(run[^1], segment));
            if (!fits)
            {
                run.Clear();
                if (segment is { IsLong: false, HasBody: true }) run.Add(segment);
                continue;
            }

            run.Add(segment);
            if (run.Count < Together && run.Sum(one => one.Polls) < PollsTogether) continue;
            var whole = PollColumns.Merge([.. run.Select(one => segments.Polls(one, series: null))]);
            foreach (var one in run) segments.Delete(one);
            segments.Insert(pump, whole);
            return true;
        }

        return false;
    }

    private static bool AreAlike(Segment one, Segment next) => ClassOf(one) == ClassOf(next) && next.First - one.Last <= Segment.Leap;

    // Lengths within a factor of sixteen are about the same.
    private static int ClassOf(Segment segment) => BitOperations.Log2((uint)segment.Polls) / ClassBits;
}
