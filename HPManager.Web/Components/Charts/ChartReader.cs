using HPManager.Core.History;
using HPManager.Core.Live;

namespace HPManager.Web.Components.Charts;

/// <summary>What the history answered about the series of one heat pump.</summary>
/// <param name="State">The heat pump.</param>
/// <param name="Series">Positions of the series among all of the chart, one a column.</param>
/// <param name="Times">Rows with at least one value, UTC: of polls, or the first moments of buckets.</param>
/// <param name="Columns">One a series, as long as <paramref name="Times"/>.</param>
/// <param name="BucketWidth">Width of a bucket; zero when each row is a poll.</param>
/// <param name="Shift">How much later it is drawn than it was: zero but for an earlier period.</param>
internal sealed record ChartBlock(
    HeatPumpState State, IReadOnlyList<int> Series, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<HistoryColumn> Columns, TimeSpan BucketWidth, TimeSpan Shift)
{
    /// <summary>The distance of two rows up to which nothing is missing between them.</summary>
    public TimeSpan LongestJoin { get; } = HistoryGaps.LongestJoin(State.HeatPump.Interval, BucketWidth);

    /// <summary>Whether nobody measured before a row.</summary>
    public bool IsGapBefore(int row) => HistoryGaps.IsBefore(Times, row, LongestJoin);
}

/// <summary>Reads the history of a chart's series: one question a heat pump, all at the same time.</summary>
internal static class ChartReader
{
    // About one for each pixel that a wide screen has for the plot.
    private const int Points = 1_200;

    // From here on a point is a day: parts of days would only draw the course of every single day.
    private static readonly TimeSpan DaysFrom = TimeSpan.FromDays(150);

    /// <summary>Reads a window.</summary>
    /// <exception cref="IOException">The history cannot be read now.</exception>
    public static async Task<IReadOnlyList<ChartBlock>> ReadAsync(
        IHistorySource history, IReadOnlyList<ChartSeries> series, ChartWindow window, TimeSpan shift, CancellationToken cancellationToken)
    {
        var pumps = series.Select((line, position) => (Line: line, Position: position)).GroupBy(item => item.Line.HeatPumpId);
        return await Task.WhenAll(pumps.Select(pump =>
            ReadAsync(history, [.. pump.Select(item => item.Line)], [.. pump.Select(item => item.Position)], window, shift, cancellationToken)));
    }

    private static async Task<ChartBlock> ReadAsync(
        IHistorySource history, List<ChartSeries> series, List<int> positions, ChartWindow window, TimeSpan shift, CancellationToken cancellationToken)
    {
        var state = series[0].State;
        var asked = series.Where(line => line.Sensor != ActivityLane.Sensor).Select(line => line.Sensor).ToList();
        var inputs = asked.Count < series.Count ? ActivityLane.InputsOf(state.Sensors) : [];
        var keys = asked.Concat(inputs).Select(sensor => sensor.Key).ToList();
        if (keys.Count == 0) return new ChartBlock(state, positions, [], [.. series.Select(_ => HistoryColumn.OfGaps(0))], TimeSpan.Zero, shift);
        var table = await history.QueryAsync(new HistoryQuery(state.HeatPump.Id, keys, window.From, window.To, PointsOf(window)), cancellationToken);
        var next = 0;
        var columns = series.ConvertAll(line =>
            line.Sensor == ActivityLane.Sensor ? ActivityLane.Derive(state, inputs, table, asked.Count) : table.Columns[next++]);
        return Present(new ChartBlock(state, positions, table.Times, columns, table.BucketWidth, shift));
    }

    private static int PointsOf(ChartWindow window) => window.Length < DaysFrom ? Points : Math.Min(Points, (int)window.Length.TotalDays + 2);

    // Empty buckets say nothing about gaps: where it was polled less often than a bucket is wide there is one beside every full one.
    private static ChartBlock Present(ChartBlock block)
    {
        var rows = Enumerable.Range(0, block.Times.Count).Where(row => block.Columns.Any(column => column.Count[row] > 0)).ToArray();
        if (rows.Length == block.Times.Count) return block;
        return block with { Times = Array.ConvertAll(rows, row => block.Times[row]), Columns = [.. block.Columns.Select(column => Pick(column, rows))] };
    }

    private static HistoryColumn Pick(HistoryColumn column, int[] rows) => new(
        Array.ConvertAll(rows, row => column.Min[row]),
        Array.ConvertAll(rows, row => column.Mean[row]),
        Array.ConvertAll(rows, row => column.Max[row]),
        Array.ConvertAll(rows, row => column.Last[row]),
        Array.ConvertAll(rows, row => column.Count[row]));
}
