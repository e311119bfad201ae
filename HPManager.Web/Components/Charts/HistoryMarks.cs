using System.Globalization;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Charts;

/// <summary>Marks that the history itself tells: faults that came and went, and stretches without readings.</summary>
internal sealed class HistoryMarks(IHistorySource history) : IChartMarks
{
    private const int Points = 4_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ChartMark>> ReadAsync(HeatPumpState heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var faults = new[] { Signal.FaultCode, Signal.FaultActive }
            .Select(signal => heatPump.Sensors.All.FirstOrDefault(sensor => sensor.Signal == signal && ChartGroups.IsDrawable(sensor)))
            .FirstOrDefault(sensor => sensor is not null);

        // A sensor that every poll reads tells whether there was a poll.
        var asked = heatPump.Sensors.All.Where(ChartGroups.IsDrawable).Where(sensor => sensor != faults).OrderByDescending(sensor => sensor.Signal is not null).Take(6);
        SensorDefinition[] sensors = [.. faults is null ? [] : new[] { faults }, .. asked];
        if (sensors.Length == 0) return [];
        var table = await history.QueryAsync(
            new HistoryQuery(heatPump.HeatPump.Id, [.. sensors.Select(sensor => sensor.Key)], from, to, Points), cancellationToken);
        var marks = Gaps(heatPump, table);
        if (faults is not null) marks = marks.Concat(Faults(heatPump, faults, table));
        return [.. marks.OrderBy(mark => mark.At).TakeLast(IChartMarks.Most)];
    }

    private static IEnumerable<ChartMark> Gaps(HeatPumpState heatPump, HistoryTable table)
    {
        var times = table.Times.Where((_, row) => table.Columns.Any(column => column.Count[row] > 0)).ToList();
        var join = HistoryGaps.LongestJoin(heatPump.HeatPump.Interval, table.BucketWidth);
        for (var row = 1; row < times.Count; row++)
        {
            if (!HistoryGaps.IsBefore(times, row, join)) continue;
            var begin = times[row - 1] + table.BucketWidth;
            yield return new ChartMark(heatPump.HeatPump.Id, begin, times[row], ChartMarkKind.Gap, $"No readings for {ValueFormat.Duration(times[row] - begin)}");
        }
    }

    private static IEnumerable<ChartMark> Faults(HeatPumpState heatPump, SensorDefinition sensor, HistoryTable table)
    {
        var column = table.Columns[0];
        double? former = null;
        ChartMark Mark(int row, ChartMarkKind kind, string text) => new(heatPump.HeatPump.Id, table.Times[row], null, kind, text);
        for (var row = 0; row < table.Times.Count; row++)
        {
            if (column.Last[row] is not { } last) continue;
            if (former is { } before)
            {
                if (last != before) yield return last == 0 ? Mark(row, ChartMarkKind.Resolved, $"{Name(sensor, before)} gone") : Mark(row, ChartMarkKind.Fault, Name(sensor, last));
                else if (last == 0 && column.Max[row] is > 0 and var passing) yield return Mark(row, ChartMarkKind.Fault, $"{Name(sensor, passing)}, soon gone");
            }

            former = last;
        }
    }

    private static string Name(SensorDefinition sensor, double value)
    {
        if (sensor.Signal == Signal.FaultActive) return "Fault";
        var code = value.ToString("0", CultureInfo.InvariantCulture);
        return sensor.Codes is null || !int.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var known) || sensor.Codes.WordFor(known) is not { } word
            ? $"Fault {code}"
            : $"Fault {code}: {ValueFormat.Words(word)}";
    }
}
