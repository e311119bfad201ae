using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>What a sensor's good values of an hour, or of a part of one, come to.</summary>
/// <param name="Hour">Hours since the Unix epoch.</param>
/// <param name="Count">How many values.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Last">The latest.</param>
/// <param name="Sum">Their sum.</param>
internal readonly record struct Cell(long Hour, int Count, double Min, double Max, double Last, double Sum)
{
    /// <summary>An hour in milliseconds.</summary>
    public const long Width = 3_600_000;

    public static long HourOf(long time) => Math.DivRem(time, Width) is var (hour, rest) && rest < 0 ? hour - 1 : time / Width;

    /// <summary>The cells of a column, ascending; hours without a good value have none.</summary>
    public static List<Cell> Aggregate(ReadOnlySpan<long> times, SeriesColumn column)
    {
        var cells = new List<Cell>();
        for (var poll = 0; poll < times.Length; poll++)
        {
            if (column.States[poll] != ReadingState.Good) continue;
            var value = column.Values[poll];
            var hour = HourOf(times[poll]);
            if (cells.Count == 0 || cells[^1].Hour != hour) cells.Add(new Cell(hour, 1, value, value, value, value));
            else
            {
                var cell = cells[^1];
                cells[^1] = new Cell(hour, cell.Count + 1, Math.Min(cell.Min, value), Math.Max(cell.Max, value), value, cell.Sum + value);
            }
        }

        return cells;
    }
}
