using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Answers questions from segments and head: poll by poll when there are few enough, else in buckets, from the aggregates of whole hours wherever these suffice. What it keeps
/// in memory is bounded by one segment and the answer. Polls of the head are taken before the file is looked at, so that none is missed that is sealed in between.
/// </summary>
internal sealed class HistoryReader(SegmentTable segments, SeriesNames names, CancellationToken cancellationToken)
{
    /// <summary>A range as it is or thinned; the connection has an open transaction.</summary>
    public HistoryTable Read(HistoryQuery query, IReadOnlyList<HeadPoll> waiting)
    {
        var (from, to) = (query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds());
        if (names.FindPump(query.HeatPumpId) is not { } pump) return Empty(query);
        var series = query.Sensors.Select(sensor => names.FindSeries(sensor) ?? -1).ToArray();
        var known = series.Where(one => one >= 0).Distinct().ToArray();
        var fresh = Head.ToColumns([.. waiting.Where(poll => poll.At >= from && poll.At < to)], known);
        var sealedParts = segments.Overlapping(pump, from, to);
        var mayBeFew = sealedParts.TrueForAll(segment => segment.HasBody)
            && sealedParts.Where(segment => segment.First >= from && segment.Last < to).Sum(segment => (long)segment.Polls) <= query.Points;
        if (mayBeFew && ReadPolls(query, known, series, sealedParts, fresh, from, to) is { } table) return table;
        return ReadBuckets(query, known, series, sealedParts, fresh, from, to);
    }

    /// <summary>The series that have a value or a text in a range: of segments that lie in it as a whole, their directories tell.</summary>
    public IReadOnlyCollection<long> SeriesIn(long pump, long from, long to, IReadOnlyList<HeadPoll> waiting)
    {
        var found = new HashSet<long>(WithReadings(Head.ToColumns([.. waiting.Where(poll => poll.At >= from && poll.At < to)], series: null)));
        foreach (var segment in segments.Overlapping(pump, from, to).Where(segment => segment.HasBody))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (segments.Directory(segment) is not { } directory) continue;
            var others = directory.Entries.Where(entry => entry.HasReadings && !found.Contains(entry.Series)).Select(entry => entry.Series).ToList();
            var isWhole = segment.First >= from && segment.Last < to;
            found.UnionWith(isWhole || others.Count == 0 ? others : WithReadings(segments.Polls(segment, others).Between(from, to)));
        }

        return found;
    }

    /// <summary>The next stretch of a range in ascending time, and where to go on; null behind the end.</summary>
    public (PollColumns Polls, long Next)? ReadNext(long pump, IReadOnlyList<long>? series, long from, long to, IReadOnlyList<HeadPoll> waiting)
    {
        if (from >= to) return null;
        var next = segments.Next(pump, from, to);
        var end = next is null ? to : Math.Min(to, next.Last + 1);
        var fresh = Head.ToColumns([.. waiting.Where(poll => poll.At >= from && poll.At < end)], series);
        if (next is null) return fresh.Count == 0 ? null : (fresh, end);
        var sealedPart = next.HasBody ? segments.Polls(next, series).Between(from, end) : PollColumns.Empty;
        return (PollColumns.Merge(sealedPart, fresh), end);
    }

    private static HistoryTable Empty(HistoryQuery query) => new([], [.. query.Sensors.Select(_ => HistoryColumn.OfGaps(0))], TimeSpan.Zero);

    private static IEnumerable<long> WithReadings(PollColumns polls) =>
        polls.Series.Where(column => column.States.AsSpan().ContainsAny(ReadingState.WithReading)).Select(column => column.Series);

    private HistoryTable? ReadPolls(
        HistoryQuery query, long[] known, long[] series, List<Segment> sealedParts, PollColumns fresh, long from, long to)
    {
        var parts = new List<PollColumns>(sealedParts.Count + 1);
        foreach (var segment in sealedParts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            parts.Add(segments.Polls(segment, known).Between(from, to));
        }

        var polls = PollColumns.Merge([.. parts, fresh]);
        if (polls.Count > query.Points) return null;
        var times = HistoryRows.WithGaps([.. polls.Times]);
        if (times.Count > query.Points) return null;
        var columns = series.Select(one => ColumnOf(polls, polls.Series.FirstOrDefault(column => column.Series == one), times)).ToList();
        return new HistoryTable(times.ConvertAll(DateTimeOffset.FromUnixTimeMilliseconds), columns, TimeSpan.Zero);
    }

    private static HistoryColumn ColumnOf(PollColumns polls, SeriesColumn? column, List<long> times)
    {
        var values = new double?[times.Count];
        if (column is null) return HistoryColumn.OfPolls(values);
        var row = 0;
        for (var poll = 0; poll < polls.Count; poll++)
        {
            while (times[row] < polls.Times[poll]) row++;
            if (column.States[poll] == ReadingState.Good) values[row] = column.Values[poll];
        }

        return HistoryColumn.OfPolls(values);
    }

    private HistoryTable ReadBuckets(
        HistoryQuery query, long[] known, long[] series, List<Segment> sealedParts, PollColumns fresh, long from, long to)
    {
        var buckets = HistoryBuckets.Of(query.From, query.To, query.Points);
        var gathered = known.ToDictionary(one => one, _ => new BucketColumn(buckets));
        using var reader = segments.OpenCells();
        var at = from;
        foreach (var segment in sealedParts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(fresh.Between(at, segment.First), gathered);
            at = Math.Max(at, Math.Min(to, segment.Last + 1));
            if (AreCellsEnough(segment, buckets, fresh, from, to) && reader.Read(segment, known) is { } cells)
            {
                for (var index = 0; index < known.Length; index++) gathered[known[index]].Add(cells[index], from, to);
            }
            else if (segment.HasBody)
            {
                Add(PollColumns.Merge(segments.Polls(segment, known).Between(from, to), fresh.Between(segment.First, at)), gathered);
            }
        }

        Add(fresh.Between(at, to), gathered);
        var columns = series.Select(one => one < 0 ? HistoryColumn.OfGaps(buckets.Count) : gathered[one].ToColumn()).ToList();
        return new HistoryTable(buckets.Times(), columns, TimeSpan.FromMilliseconds(buckets.Width));
    }

    // Hours are all that is left of a segment without a body; else they must fall whole into buckets and range, and nothing new may lie among them.
    private static bool AreCellsEnough(Segment segment, HistoryBuckets buckets, PollColumns fresh, long from, long to)
    {
        if (!segment.HasBody) return true;
        if (!segment.HasCells || buckets.Width % Cell.Width != 0) return false;
        if (segment.First < from && from % Cell.Width != 0) return false;
        if (segment.Last >= to && to % Cell.Width != 0) return false;
        return PollColumns.LowerBound(fresh.Times, segment.First) == PollColumns.LowerBound(fresh.Times, segment.Last + 1);
    }

    private static void Add(PollColumns polls, Dictionary<long, BucketColumn> gathered)
    {
        foreach (var column in polls.Series) gathered[column.Series].Add(polls.Times, column);
    }
}
