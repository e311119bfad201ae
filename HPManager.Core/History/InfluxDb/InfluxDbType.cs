using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>InfluxDB 1.x, 2.x and 3.x.</summary>
internal sealed class InfluxDbType(TimeProvider time) : IHistoryEngineType
{
    public string Key => "influxdb";

    public string Name => "InfluxDB";

    public string Description => "For those who run InfluxDB already, with dashboards on its measurements; versions 1, 2 and 3.";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        EngineAddress.Parameter("url", "Address", "Such as http://192.168.1.20:8086; version 3 listens on port 8181."),
        new ParameterDefinition
        {
            Key = "version", Label = "Version", Kind = ParameterKind.Choice, Default = "auto", IsAdvanced = true,
            Choices = [new("auto", "asked of the server"), new("1", "1.x"), new("2", "2.x"), new("3", "3.x")],
            Help = "To be chosen when something between us and the server hides what it says of itself, and for InfluxDB Cloud.",
        },
        new ParameterDefinition
        {
            Key = "token", Label = "Token", Kind = ParameterKind.Secret, Rule = EngineLogin.ProblemOfToken,
            Help = "For versions 2 and 3: a token that may read and write the bucket.",
        },
        new ParameterDefinition { Key = "user", Label = "User name", Kind = ParameterKind.Text, Help = "For version 1, when it asks for one." },
        new ParameterDefinition { Key = "password", Label = "Password", Kind = ParameterKind.Secret },
        new ParameterDefinition { Key = "org", Label = "Organisation", Kind = ParameterKind.Text, Default = "thermia", Help = "For version 2." },
        new ParameterDefinition
        {
            Key = "bucket", Label = "Bucket or database", Kind = ParameterKind.Text, Default = "heatpump",
            Help = "Version 1 makes its database with the first write when the user may; the others want the bucket to be there.",
        },
        new ParameterDefinition
        {
            Key = "layout", Label = "Layout", Kind = ParameterKind.Choice, Default = LineNames.Metrics, IsAdvanced = true,
            Choices =
            [
                new(LineNames.Metrics, "heatpump_metrics: a line a poll, a field a sensor"),
                new(LineNames.Registers, "heatpump: a line a reading, the sensor in register_id"),
            ],
            Help = "What is written under one layout is not read under the other.",
        },
    ];

    public IReadOnlyList<string> AddressKeys { get; } = ["url"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["url"] = "INFLUXDB_URL",
        ["token"] = "INFLUXDB_TOKEN",
        ["org"] = "INFLUXDB_ORG",
        ["bucket"] = "INFLUXDB_BUCKET",
    };

    public IHistoryEngine Create(Settings settings) => new InfluxDbEngine(InfluxSettings.Of(settings), time);
}
