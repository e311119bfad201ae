using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>The polls that are not sealed yet, in memory as in the file's table <c>head</c>. Thread-safe; readers get what is there at one moment.</summary>
internal sealed class Head
{
    private const int Full = 512;
    private const long MostBytes = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<HeadPoll>> _polls = [];
    private long _bytes;

    /// <summary>How many polls there are.</summary>
    public int Polls
    {
        get
        {
            lock (_gate) return _polls.Values.Sum(own => own.Count);
        }
    }

    public void Add(IEnumerable<HeadPoll> polls)
    {
        lock (_gate) AddAll(polls);
    }

    /// <summary>Other polls instead of those that are here.</summary>
    public void Replace(IEnumerable<HeadPoll> polls)
    {
        lock (_gate)
        {
            _polls.Clear();
            _bytes = 0;
            AddAll(polls);
        }
    }

    /// <summary>Takes the polls of some heat pumps away.</summary>
    public void Remove(IEnumerable<long> pumps)
    {
        lock (_gate)
        {
            foreach (var pump in pumps)
            {
                if (_polls.Remove(pump, out var own)) _bytes -= BytesOf(own);
            }
        }
    }

    /// <summary>
    /// The heat pumps whose polls are to be sealed now. When one is full, those at least half full are too: heat pumps that are polled alike are sealed together, and the rows of one
    /// needn't be taken out from among those of the others. When all together take too much, the largest ones, until half of it is left.
    /// </summary>
    public IReadOnlyList<long> Due()
    {
        lock (_gate)
        {
            var due = _polls.Values.Any(own => own.Count >= Full) ? _polls.Where(own => own.Value.Count >= Full / 2).Select(own => own.Key).ToList() : [];
            if (_bytes < MostBytes) return due;
            var left = _bytes - due.Sum(pump => BytesOf(_polls[pump]));
            foreach (var (pump, bytes) in _polls.Where(own => !due.Contains(own.Key)).Select(own => (own.Key, BytesOf(own.Value))).OrderByDescending(own => own.Item2))
            {
                if (left <= MostBytes / 2) break;
                due.Add(pump);
                left -= bytes;
            }

            return due;
        }
    }

    /// <summary>The heat pumps that have polls here.</summary>
    public IReadOnlyList<long> Pumps()
    {
        lock (_gate) return [.. _polls.Keys];
    }

    /// <summary>The polls of a heat pump in the order of their arrival.</summary>
    public IReadOnlyList<HeadPoll> Of(long pump)
    {
        lock (_gate) return _polls.TryGetValue(pump, out var own) ? [.. own] : [];
    }

    /// <summary>Polls by columns, ascending; of the same moment twice, what came later holds. Only some series, or all for null.</summary>
    public static PollColumns ToColumns(IReadOnlyList<HeadPoll> polls, IReadOnlyList<long>? series)
    {
        if (polls.Count == 0) return PollColumns.Empty;
        var ordered = IsAscending(polls) ? polls : [.. polls.OrderBy(poll => poll.At)];
        var times = new List<long>(ordered.Count);
        var rows = new int[ordered.Count];
        for (var index = 0; index < rows.Length; index++)
        {
            if (times.Count == 0 || times[^1] != ordered[index].At) times.Add(ordered[index].At);
            rows[index] = times.Count - 1;
        }

        var places = new long[times.Count];
        for (var index = 0; index < rows.Length; index++) places[rows[index]] = ordered[index].Place;
        var keys = (series ?? ordered.Select(poll => poll.Layout).Distinct().SelectMany(layout => layout.Series)).Distinct().ToList();
        SeriesColumn[] columns = [.. keys.Select(key => new SeriesColumn(key, new double[times.Count], new byte[times.Count], null))];
        var columnOf = keys.Index().ToDictionary(key => key.Item, key => key.Index);
        Layout? layout = null;
        int[] targets = [];
        for (var index = 0; index < rows.Length; index++)
        {
            var poll = ordered[index];
            if (!ReferenceEquals(poll.Layout, layout)) (layout, targets) = (poll.Layout, [.. poll.Layout.Series.Select(one => columnOf.GetValueOrDefault(one, -1))]);
            poll.CopyTo(columns, targets, rows[index]);
        }

        return new PollColumns([.. times], places, columns);
    }

    private void AddAll(IEnumerable<HeadPoll> polls)
    {
        foreach (var poll in polls)
        {
            if (!_polls.TryGetValue(poll.Pump, out var own)) _polls[poll.Pump] = own = [];
            own.Add(poll);
            _bytes += poll.Bytes;
        }
    }

    private static long BytesOf(List<HeadPoll> polls) => polls.Sum(poll => poll.Bytes);

    private static bool IsAscending(IReadOnlyList<HeadPoll> polls)
    {
        for (var index = 1; index < polls.Count; index++)
        {
            if (polls[index].At <= polls[index - 1].At) return false;
        }

        return true;
    }
}
