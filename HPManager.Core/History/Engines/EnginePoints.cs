namespace HPManager.Core.History.Engines;

/// <summary>Single values of the sensors of a question, as they come from an engine: in any order, the later one holds.</summary>
internal sealed class EnginePoints(int sensors)
{
    private readonly List<(long At, double Value)>[] _points = [.. Enumerable.Range(0, sensors).Select(_ => new List<(long, double)>())];

    /// <summary>Adds a value of the sensor at a position of the question.</summary>
    public void Add(int sensor, long at, double value) => _points[sensor].Add((at, value));

    /// <summary>A table of polls; null when it has more rows than asked for.</summary>
    /// <param name="polls">Moments of polls that are known, with or without a value among these.</param>
    /// <param name="most">Most rows.</param>
    public HistoryTable? ToTable(IEnumerable<long> polls, int most)
    {
        var known = new SortedSet<long>(polls);
        foreach (var (at, _) in _points.SelectMany(points => points)) known.Add(at);
        if (known.Count > most) return null;
        var times = HistoryRows.WithGaps([.. known]);
        if (times.Count > most) return null;
        var rows = new Dictionary<long, int>(times.Count);
        for (var row = 0; row < times.Count; row++) rows[times[row]] = row;
        return new HistoryTable(times.ConvertAll(DateTimeOffset.FromUnixTimeMilliseconds), [.. _points.Select(points => ColumnOf(points, rows))], TimeSpan.Zero);
    }

    private static HistoryColumn ColumnOf(List<(long At, double Value)> points, Dictionary<long, int> rows)
    {
        var column = new double?[rows.Count];
        foreach (var (at, value) in points) column[rows[at]] = value;
        return HistoryColumn.OfPolls(column);
    }
}
