using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Charts;

/// <summary>Spreads series over charts so that each chart needs at most two axes: one unit at the left, one at the right; states below, in a timeline.</summary>
internal static class ChartGroups
{
    private const string States = "state";
    private const int AxesPerChart = 2;
    private const int LinesPerSharedChart = 8;

    /// <summary>The name of the axis a sensor is drawn against: its unit, or one for all codes and switches.</summary>
    public static string ScaleOf(SensorDefinition sensor) =>
        IsState(sensor) ? States : sensor.Unit == Unit.None ? "number" : sensor.Unit.Symbol;

    /// <summary>Whether it jumps between states instead of moving.</summary>
    public static bool IsState(SensorDefinition sensor) => sensor.Kind is ValueKind.Code or ValueKind.Switch or ValueKind.Flags;

    /// <summary>Whether it can be drawn at all.</summary>
    public static bool IsDrawable(SensorDefinition sensor) => sensor.IsReadable && sensor.Kind != ValueKind.Text;

    /// <summary>
    /// The charts, in the order in which their first sensor was chosen; the timeline last. Two units share a chart while its lines can be told apart: a few, and all
    /// of one heat pump.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<ChartSeries>> Of(IReadOnlyList<ChartSeries> series)
    {
        var scales = series.Where(line => IsDrawable(line.Sensor)).GroupBy(line => ScaleOf(line.Sensor)).ToList();
        var charts = new List<IReadOnlyList<ChartSeries>>();
        var axes = AxesPerChart;
        var mayShare = series.Select(line => line.HeatPumpId).Distinct().Count() == 1;
        foreach (var scale in scales.Where(scale => scale.Key != States))
        {
            var lines = scale.ToList();
            if (mayShare && axes < AxesPerChart && charts[^1].Count + lines.Count <= LinesPerSharedChart)
            {
                charts[^1] = [.. charts[^1], .. lines];
                axes++;
            }
            else
            {
                charts.Add(lines);
                axes = 1;
            }
        }

        return [.. charts, .. scales.Where(scale => scale.Key == States).Select(scale => (IReadOnlyList<ChartSeries>)[.. scale])];
    }
}
