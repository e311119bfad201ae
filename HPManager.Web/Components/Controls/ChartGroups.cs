using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Controls;

/// <summary>Spreads sensors over charts so that each chart needs at most two axes: one unit at the left, one at the right.</summary>
internal static class ChartGroups
{
    private const string States = "state";
    private const int AxesPerChart = 2;

    /// <summary>The name of the axis a sensor is drawn against: its unit, or one for all codes and switches.</summary>
    public static string ScaleOf(SensorDefinition sensor) =>
        IsState(sensor) ? States : sensor.Unit == Unit.None ? "number" : sensor.Unit.Symbol;

    /// <summary>Whether it jumps between states instead of moving.</summary>
    public static bool IsState(SensorDefinition sensor) => sensor.Kind is ValueKind.Code or ValueKind.Switch or ValueKind.Flags;

    /// <summary>Whether it can be drawn at all.</summary>
    public static bool IsDrawable(SensorDefinition sensor) => sensor.IsReadable && sensor.Kind != ValueKind.Text;

    /// <summary>The charts, in the order in which their first sensor was chosen; states below in a chart of their own.</summary>
    public static IReadOnlyList<IReadOnlyList<SensorDefinition>> Of(IEnumerable<SensorDefinition> sensors)
    {
        var scales = sensors.Where(IsDrawable).GroupBy(ScaleOf).ToList();
        var numbers = scales.Where(scale => scale.Key != States).Chunk(AxesPerChart).Select(chunk => (IReadOnlyList<SensorDefinition>)[.. chunk.SelectMany(scale => scale)]);
        var states = scales.Where(scale => scale.Key == States).Select(scale => (IReadOnlyList<SensorDefinition>)[.. scale]);
        return [.. numbers, .. states];
    }
}
