using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>
/// How metrics are called. By default <c>{manufacturer}_heatpump_{sensor}{heatpump_id, manufacturer, model}</c>; or as VictoriaMetrics calls what it takes by line protocol,
/// which is <c>{measurement}_{field}</c>. Reading goes by the heat pump's id alone: labels change when a heat pump gets another name, place or model. Immutable.
/// </summary>
internal abstract class MetricNames
{
    /// <summary>Choice of <see cref="HeatPumpNames"/>.</summary>
    public const string NamesFormat = "names";

    /// <summary>Label with the metric's name.</summary>
    protected const string NameLabel = "__name__";

    /// <summary>The layout of line protocol by which it is written; null when it is written as series.</summary>
    public virtual LineLayout? Layout => null;

    /// <summary>Label with the heat pump's id.</summary>
    protected abstract string HeatPumpLabel { get; }

    /// <summary>The names of a choice.</summary>
    public static MetricNames Parse(string? choice) => choice switch
    {
        LineNames.Metrics => new LineMetricNames(),
        LineNames.Registers => new RegisterNames(),
        _ => new HeatPumpNames(),
    };

    /// <summary>Selects the marks of a heat pump's polls.</summary>
    public string SelectMarks(HeatPumpId heatPump) => $"{{{NameLabel}=\"{PollMarks.Measurement}_{PollMarks.Field}\",{OwnOf(heatPump)}}}";

    /// <summary>Selects sensors of a heat pump. Keys of sensors and ids have no letter that a pattern or a text would take for something else.</summary>
    public abstract string Select(HeatPumpId heatPump, IEnumerable<SensorKey> sensors);

    /// <summary>The sensor that a series is of; null for what is none.</summary>
    public abstract string? SensorOf(JsonElement labels);

    /// <summary>The value of a label; null when it is missing.</summary>
    protected static string? Label(JsonElement labels, string name) => labels.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>A pattern of some sensors.</summary>
    protected static string AnyOf(IEnumerable<SensorKey> sensors) => string.Join('|', sensors.Select(sensor => sensor.Value));

    /// <summary>The matcher of a heat pump.</summary>
    protected string OwnOf(HeatPumpId heatPump) => $"{HeatPumpLabel}=\"{heatPump.Value}\"";

    private sealed class LineMetricNames : MetricNames
    {
        private const string Prefix = LineNames.Metrics + "_";

        public override LineLayout? Layout => LineLayout.Metrics;

        protected override string HeatPumpLabel => LineNames.HeatPump;

        public override string Select(HeatPumpId heatPump, IEnumerable<SensorKey> sensors) => $"{{{NameLabel}=~\"{Prefix}(?:{AnyOf(sensors)})\",{OwnOf(heatPump)}}}";

        public override string? SensorOf(JsonElement labels) => Label(labels, NameLabel) is { } name && name.StartsWith(Prefix, StringComparison.Ordinal)
            ? name[Prefix.Length..]
            : null;
    }

    private sealed class RegisterNames : MetricNames
    {
        public override LineLayout? Layout => LineLayout.Registers;

        protected override string HeatPumpLabel => LineNames.HeatPump;

        public override string Select(HeatPumpId heatPump, IEnumerable<SensorKey> sensors) =>
            $"{{{NameLabel}=\"{LineNames.Registers}_{LineNames.Value}\",{LineNames.Register}=~\"{AnyOf(sensors)}\",{OwnOf(heatPump)}}}";

        public override string? SensorOf(JsonElement labels) => Label(labels, LineNames.Register);
    }
}

/// <summary><c>nibe_heatpump_outdoor_temperature{heatpump_id="hp-001", manufacturer="nibe", model="s1255"}</c>.</summary>
internal sealed class HeatPumpNames : MetricNames
{
    /// <summary>Label with the make.</summary>
    public const string Manufacturer = "manufacturer";

    /// <summary>Label with the model.</summary>
    public const string Model = "model";

    /// <summary>Label with the heat pump's id.</summary>
    public const string HeatPump = "heatpump_id";

    private const string Between = "_heatpump_";

    protected override string HeatPumpLabel => HeatPump;

    /// <summary>Labels of a sensor's series; of the marks without a sensor. What is not known is left out.</summary>
    public static IEnumerable<(string Name, string Value)> Labels(EngineHeatPump heatPump, SensorKey? sensor)
    {
        var name = sensor is { } key ? heatPump.Manufacturer + Between + key.Value : $"{PollMarks.Measurement}_{PollMarks.Field}";
        (string, string)[] labels = [(NameLabel, name), (HeatPump, heatPump.Id.Value), (Manufacturer, heatPump.Manufacturer), (Model, heatPump.Model)];
        return labels.Where(label => label.Item2.Length > 0);
    }

    public override string Select(HeatPumpId heatPump, IEnumerable<SensorKey> sensors) => $"{{{NameLabel}=~\".+{Between}(?:{AnyOf(sensors)})\",{OwnOf(heatPump)}}}";

    // A key may have the middle of a name within itself, so that the make, which has a label of its own, says where it begins.
    public override string? SensorOf(JsonElement labels)
    {
        var prefix = Label(labels, Manufacturer) + Between;
        return Label(labels, NameLabel) is { } name && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;
    }
}
