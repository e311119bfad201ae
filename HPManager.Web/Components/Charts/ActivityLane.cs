using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Charts;

/// <summary>
/// What a heat pump did, told from its history by the same rules as what it does now (<see cref="Activity"/>): a lane of the timeline beside those of single
/// sensors, for every make.
/// </summary>
internal static class ActivityLane
{
    // A plant with many zones tells its state once for each.
    private const int MostInputs = 16;

    private static readonly Signal[] Inputs = [Signal.DefrostActive, Signal.OperatingState, Signal.CompressorRunning, Signal.CompressorSpeed];

    /// <summary>Stands for it among the sensors. No device has a sensor of that name.</summary>
    public static SensorDefinition Sensor { get; } = new()
    {
        Key = SensorKey.Parse("what_it_did"),
        Label = "Activity",
        Category = SensorCategory.Status,
        Kind = ValueKind.Code,
        Codes = new CodeTable([.. Enum.GetValues<ActivityKind>().Where(kind => kind != ActivityKind.Unknown).Select(kind => new KeyValuePair<int, string>((int)kind, WordOf(kind)))]),
    };

    /// <summary>The sensors that tell it, first the one that matters most; empty for a device that does not tell.</summary>
    public static IReadOnlyList<SensorDefinition> InputsOf(SensorSet sensors) =>
    [
        .. Inputs.SelectMany(signal => sensors.All.Where(sensor => sensor.Signal == signal && sensor.IsReadable && sensor.Kind != ValueKind.Text)).Take(MostInputs),
    ];

    /// <summary>What a snapshot says it does; null when it does not tell.</summary>
    public static double? Of(Snapshot snapshot) => Activity.Of(snapshot).Kind is var kind and not ActivityKind.Unknown ? (double)kind : null;

    /// <summary>The lane as a column, from the columns of the inputs.</summary>
    public static HistoryColumn Derive(HeatPumpState state, IReadOnlyList<SensorDefinition> inputs, HistoryTable table, int firstColumn)
    {
        var sensors = new SensorSet(inputs);
        var values = new double?[table.Times.Count];
        for (var row = 0; row < values.Length; row++)
        {
            var readings = new Reading[inputs.Count];
            for (var input = 0; input < inputs.Count; input++)
                readings[input] = ReadingOf(inputs[input], table.Columns[firstColumn + input].Last[row], table.Times[row]);
            if (readings.Any(reading => reading.IsGood)) values[row] = Of(new Snapshot(state.HeatPump.Id, table.Times[row], sensors, readings));
        }

        return HistoryColumn.OfPolls(values);
    }

    private static Reading ReadingOf(SensorDefinition sensor, double? value, DateTimeOffset at)
    {
        if (value is not { } known) return Reading.Missing(at, "");
        var code = known is >= int.MinValue and <= int.MaxValue ? (int)known : 0;
        var text = sensor.Kind == ValueKind.Flags ? sensor.Codes?.WordsForFlags(code) : sensor.Codes?.WordFor(code);
        return new Reading(known, text, Quality.Good, at);
    }

    private static string WordOf(ActivityKind kind) => kind switch
    {
        ActivityKind.HotWater => "hot water",
        ActivityKind.Defrosting => "defrosting",
        ActivityKind.Pool => "pool",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
