using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Polls of one heat pump by columns. Moments are Unix milliseconds, strictly ascending unless said otherwise; places number the polls in the order of their arrival.
/// Immutable once made.
/// </summary>
internal sealed record PollColumns(long[] Times, long[] Places, IReadOnlyList<SeriesColumn> Series)
{
    public static PollColumns Empty { get; } = new([], [], []);

    public int Count => Times.Length;

    /// <summary>The polls from a position on.</summary>
    public PollColumns Slice(int first, int count) => first == 0 && count == Count
        ? this
        : new PollColumns(
            Times[first..(first + count)],
            Places[first..(first + count)],
            [.. Series.Select(column => column with
            {
                Values = column.Values[first..(first + count)],
                States = column.States[first..(first + count)],
                Texts = column.Texts?[first..(first + count)],
            })]);

    /// <summary>The polls at or behind a moment and before another.</summary>
    public PollColumns Between(long from, long to)
    {
        var first = LowerBound(Times, from);
        return Slice(first, LowerBound(Times, to) - first);
    }

    /// <summary>The polls at the positions given.</summary>
    public PollColumns At(int[] positions) => new(
        Array.ConvertAll(positions, position => Times[position]),
        Array.ConvertAll(positions, position => Places[position]),
        [.. Series.Select(column => new SeriesColumn(
            column.Series,
            Array.ConvertAll(positions, position => column.Values[position]),
            Array.ConvertAll(positions, position => column.States[position]),
            column.Texts is { } texts ? Array.ConvertAll(positions, position => texts[position]) : null))]);

    /// <summary>
    /// Polls of several sources, each ascending, in ascending order. Where several have the same moment, a sensor's reading is that of the last source whose poll has the sensor,
    /// and the place is that of the last source.
    /// </summary>
    public static PollColumns Merge(params IReadOnlyList<PollColumns> sources)
    {
        var filled = sources.Where(source => source.Count > 0).ToList();
        if (filled.Count <= 1) return filled.Count == 0 ? Empty : filled[0];
        var times = Union(filled);
        var places = new long[times.Length];
        var columns = new Dictionary<long, SeriesColumn>();
        foreach (var source in filled)
        {
            var rows = RowsOf(source.Times, times);
            for (var poll = 0; poll < rows.Length; poll++) places[rows[poll]] = source.Places[poll];
            foreach (var column in source.Series) Lay(column, rows, columns, times.Length);
        }

        return new PollColumns(times, places, [.. columns.Values]);
    }

    /// <summary>The first position whose moment is not before the one given.</summary>
    public static int LowerBound(ReadOnlySpan<long> times, long moment)
    {
        var found = times.BinarySearch(moment);
        return found < 0 ? ~found : found;
    }

    private static long[] Union(List<PollColumns> sources)
    {
        if (Enumerable.Range(1, sources.Count - 1).All(index => sources[index].Times[0] > sources[index - 1].Times[^1]))
            return [.. sources.SelectMany(source => source.Times)];
        return [.. sources.SelectMany(source => source.Times).Distinct().Order()];
    }

    private static int[] RowsOf(long[] times, long[] union)
    {
        var rows = new int[times.Length];
        var row = LowerBound(union, times[0]);
        for (var poll = 0; poll < times.Length; poll++)
        {
            while (union[row] < times[poll]) row++;
            rows[poll] = row;
        }

        return rows;
    }

    private static void Lay(SeriesColumn column, int[] rows, Dictionary<long, SeriesColumn> columns, int count)
    {
        if (!columns.TryGetValue(column.Series, out var whole))
            columns[column.Series] = whole = new SeriesColumn(column.Series, new double[count], new byte[count], null);
        if (column.Texts is not null && whole.Texts is null) columns[column.Series] = whole = whole with { Texts = new string?[count] };
        for (var poll = 0; poll < rows.Length; poll++)
        {
            if (column.States[poll] == ReadingState.Absent) continue;
            whole.States[rows[poll]] = column.States[poll];
            whole.Values[rows[poll]] = column.Values[poll];
            if (whole.Texts is { } texts) texts[rows[poll]] = column.Texts?[poll];
        }
    }
}
