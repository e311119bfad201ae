using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>Reads every segment, decodes every reading, and compares the aggregates with what they are made of.</summary>
internal sealed class HistoryCheck(SqliteConnection connection, SegmentTable segments, SeriesNames names, DamageList damage)
{
    public HistoryCheckReport Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (count, polls, readings) = (0, 0L, 0L);
        var pumps = names.Pumps.ToList();
        using var cells = segments.OpenCells();
        foreach (var (pump, index) in pumps.Select((pump, index) => (pump, index)))
        {
            var own = segments.All(pump);
            for (var position = 0; position < own.Count; position++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report((index + ((double)position / own.Count)) / pumps.Count);
                if (!own[position].HasBody)
                {
                    cells.Read(own[position], []);
                    continue;
                }

                var content = segments.Polls(own[position], series: null);
                count++;
                polls += content.Count;
                readings += (long)content.Count * content.Series.Count;
                if (own[position].HasCells) Compare(cells, pump, own[position], content);
            }
        }

        return new HistoryCheckReport(count, polls, readings, damage.All, Integrity());
    }

    private void Compare(CellReader cells, long pump, Segment segment, PollColumns polls)
    {
        if (cells.Read(segment, [.. polls.Series.Select(column => column.Series)]) is not { } kept) return;
        foreach (var (column, found) in polls.Series.Zip(kept))
        {
            var expected = Cell.Aggregate(polls.Times, column);
            var isSame = expected.Count == found.Count && expected.Zip(found).All(pair =>
                pair.First with { Sum = 0 } == pair.Second with { Sum = 0 } && Math.Abs(pair.First.Sum - pair.Second.Sum) <= 1e-9 * Math.Max(1, Math.Abs(pair.First.Sum)));
            if (!isSame) damage.Note(segment, names.PumpOf(pump), $"aggregates of {names.SensorOf(column.Series)} (not those of its readings)");
        }
    }

    private string? Integrity()
    {
        var said = connection.Rows("PRAGMA integrity_check(10)", row => row.GetString(0));
        return said is ["ok"] ? null : string.Join("; ", said);
    }
}
