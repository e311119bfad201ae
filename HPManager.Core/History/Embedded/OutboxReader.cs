using HPManager.Core.History.Engines;
using Microsoft.Data.Sqlite;

using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>Finds the polls that an engine has not got.</summary>
internal sealed class OutboxReader(SqliteConnection connection, SegmentTable segments, SeriesNames names, Head head)
{
    /// <summary>The polls that have waited longest; null when there are none.</summary>
    public OutboxBatch? Next(string engine, int most, CancellationToken cancellationToken)
    {
        foreach (var (pump, _, _) in Waiting(engine).OrderBy(waiting => waiting.Oldest))
        {
            if (NextOf(engine, pump, most, cancellationToken) is { } batch) return batch;
        }

        return null;
    }

    public OutboxLag Lag(string engine)
    {
        var waiting = Waiting(engine);
        return waiting.Count == 0
            ? new OutboxLag(0, null)
            : new OutboxLag(waiting.Sum(one => one.Polls), DateTimeOffset.FromUnixTimeMilliseconds(waiting.Min(one => one.Oldest)));
    }

    private OutboxBatch? NextOf(string engine, long pump, int most, CancellationToken cancellationToken)
    {
        var reached = Reached(engine, pump);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Places are dense but for polls that were replaced, let go or lost: a stretch without any is stepped over.
            var waiting = head.Of(pump);
            var candidates = segments.ArrivedBetween(pump, reached, long.MaxValue);
            var first = candidates.Select(segment => Math.Max(segment.FirstPlace, reached + 1))
                .Concat(waiting.Where(poll => poll.Place > reached).Select(poll => poll.Place).Take(1)).DefaultIfEmpty(0).Min();
            if (first == 0) return null;
            var upto = first + most - 1;
            var parts = candidates.Where(segment => segment.FirstPlace <= upto).Select(segment => Arrived(segments.Polls(segment, series: null), reached, upto));
            var fresh = Head.ToColumns([.. waiting.Where(poll => poll.Place > reached && poll.Place <= upto)], series: null);
            var polls = InOrderOfArrival(PollColumns.Merge([.. parts, fresh]));
            if (polls.Count > 0)
            {
                var block = Blocks.Of(names.PumpOf(pump), polls, polls.Series.Select(column => (names.SensorOf(column.Series), (SeriesColumn?)column)));
                return new OutboxBatch(block, polls.Places[^1]);
            }

            reached = upto;
        }
    }

    private static PollColumns Arrived(PollColumns polls, long behind, long upto)
    {
        var positions = Enumerable.Range(0, polls.Count).Where(poll => polls.Places[poll] > behind && polls.Places[poll] <= upto).ToArray();
        return positions.Length == polls.Count ? polls : polls.At(positions);
    }

    private static PollColumns InOrderOfArrival(PollColumns polls)
    {
        var positions = Enumerable.Range(0, polls.Count).OrderBy(poll => polls.Places[poll]).ToArray();
        return positions.Where((position, index) => position != index).Any() ? polls.At(positions) : polls;
    }

    private List<(long Pump, long Polls, long Oldest)> Waiting(string engine)
    {
        var waiting = new List<(long, long, long)>();
        foreach (var pump in names.Pumps)
        {
            var reached = Reached(engine, pump);
            var polls = head.Of(pump).Where(poll => poll.Place > reached).Select(poll => (Count: 1L, poll.At)).ToList();
            foreach (var segment in segments.ArrivedBetween(pump, reached, long.MaxValue))
            {
                if (segment.FirstPlace > reached) polls.Add((segment.Polls, segment.First));
                else if (segments.Directory(segment) is { } directory)
                {
                    var own = Enumerable.Range(0, directory.Places.Length).Where(poll => directory.Places[poll] > reached).ToList();
                    if (own.Count > 0) polls.Add((own.Count, own.Min(poll => directory.Times[poll])));
                }
            }

            if (polls.Count > 0) waiting.Add((pump, polls.Sum(poll => poll.Count), polls.Min(poll => poll.At)));
        }

        return waiting;
    }

    private long Reached(string engine, long pump) =>
        connection.Rows("SELECT place FROM outbox WHERE engine = $0 AND pump = $1", row => row.GetInt64(0), engine, pump) is [var place] ? place : 0;
}
