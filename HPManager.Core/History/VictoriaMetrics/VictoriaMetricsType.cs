using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>VictoriaMetrics, single node or cluster.</summary>
internal sealed class VictoriaMetricsType(TimeProvider time) : IHistoryEngineType
{
    public string Key => "victoriametrics";

    public string Name => "VictoriaMetrics";

    public string Description => "Small and fast, for Grafana with PromQL and for fleets; mind that it deletes after a month unless it is started with -retentionPeriod.";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        EngineAddress.Parameter("url", "Address", "Such as http://192.168.1.20:8428; of a cluster http://vminsert:8480/insert/0/prometheus, or …/influx for line protocol."),
        EngineAddress.Parameter("read_url", "Address for reading", "Only when it is another, such as http://vmselect:8481/select/0/prometheus of a cluster.") with
        {
            IsRequired = false, IsAdvanced = true,
        },
        new ParameterDefinition { Key = "user", Label = "User name", Kind = ParameterKind.Text, Help = "When it asks for one." },
        new ParameterDefinition { Key = "password", Label = "Password", Kind = ParameterKind.Secret },
        new ParameterDefinition
        {
            Key = "token", Label = "Token", Kind = ParameterKind.Secret, IsAdvanced = true, Rule = EngineLogin.ProblemOfToken, Help = "Instead of user and password, when it asks for a bearer token.",
        },
        new ParameterDefinition
        {
            Key = "format", Label = "Names", Kind = ParameterKind.Choice, Default = MetricNames.NamesFormat, IsAdvanced = true,
            Choices =
            [
                new(MetricNames.NamesFormat, "nibe_heatpump_outdoor_temperature{heatpump_id=…}"),
                new(LineNames.Metrics, "heatpump_metrics_outdoor_temperature{heat_pump_id=…}, by line protocol"),
                new(LineNames.Registers, "heatpump_value{register_id=\"outdoor_temperature\", …}, by line protocol"),
            ],
            Help = "What is written under one form is not read under another.",
        },
    ];

    public IReadOnlyList<string> AddressKeys { get; } = ["url", "read_url"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public IHistoryEngine Create(Settings settings) => new VictoriaMetricsEngine(VictoriaSettings.Of(settings), time);
}
