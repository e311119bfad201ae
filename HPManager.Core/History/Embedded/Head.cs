using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>The polls that are not sealed yet, in memory as in the file's table <c>head</c>. Thread-safe; readers get what is there at one moment.</summary>
internal sealed class Head
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, List<HeadPoll>> _polls = [];

    /// <summary>Roughly how many bytes of memory the polls take.</summary>
    public long Bytes { get; private set; }

    /// <summary>The polls of the heat pump that has most.</summary>
    public int Longest { get; private set; }

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
            (Bytes, Longest) = (0, 0);
            AddAll(polls);
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
        var keys = series ?? [.. ordered.Select(poll => poll.Layout).Distinct().SelectMany(layout => layout.Series).Distinct()];
        return new PollColumns([.. times], places, [.. keys.Select(key => ColumnOf(key, ordered, rows, times.Count))]);
    }

    private void AddAll(IEnumerable<HeadPoll> polls)
    {
        foreach (var poll in polls)
        {
            if (!_polls.TryGetValue(poll.Layout.Pump, out var own)) _polls[poll.Layout.Pump] = own = [];
            own.Add(poll);
            Bytes += 100 + (poll.States.Length * (sizeof(double) + 1L));
            Longest = Math.Max(Longest, own.Count);
        }
    }

    private static SeriesColumn ColumnOf(long series, IReadOnlyList<HeadPoll> polls, int[] rows, int count)
    {
        var (values, states) = (new double[count], new byte[count]);
        string?[]? texts = null;
        Layout? layout = null;
        var position = -1;
        for (var index = 0; index < rows.Length; index++)
        {
            var poll = polls[index];
            if (!ReferenceEquals(poll.Layout, layout)) (layout, position) = (poll.Layout, poll.Layout.PositionOf(series));
            if (position < 0) continue;
            var row = rows[index];
            states[row] = poll.States[position];
            values[row] = poll.Values[position];
            if (ReadingState.HoldsText(states[row])) (texts ??= new string?[count])[row] = poll.Texts![position];
        }

        return new SeriesColumn(series, values, states, texts);
    }

    private static bool IsAscending(IReadOnlyList<HeadPoll> polls)
    {
        for (var index = 1; index < polls.Count; index++)
        {
            if (polls[index].At <= polls[index - 1].At) return false;
        }

        return true;
    }
}
