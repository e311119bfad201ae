using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.PostgreSql;

/// <summary>PostgreSQL 14 or newer, with or without TimescaleDB.</summary>
internal sealed class PostgreSqlType(TimeProvider time) : IHistoryEngineType
{
    public string Key => "postgresql";

    public string Name => "PostgreSQL, TimescaleDB";

    public string Description => "For those who want their history in SQL tables; version 14 or newer, compressed when TimescaleDB is there.";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        new ParameterDefinition { Key = "host", Label = "Host", Kind = ParameterKind.Host, IsRequired = true, Help = "Name or address of the server." },
        new ParameterDefinition { Key = "port", Label = "Port", Kind = ParameterKind.Integer, Default = "5432", Min = 1, Max = 65535, IsAdvanced = true },
        new ParameterDefinition
        {
            Key = "database", Label = "Database", Kind = ParameterKind.Text, Default = "hpmanager", Help = "It has to be there; its tables are made.",
        },
        new ParameterDefinition { Key = "user", Label = "User name", Kind = ParameterKind.Text, Default = "hpmanager" },
        new ParameterDefinition { Key = "password", Label = "Password", Kind = ParameterKind.Secret },
        new ParameterDefinition
        {
            Key = "ssl_mode", Label = "Encryption", Kind = ParameterKind.Choice, Default = "prefer", IsAdvanced = true,
            Choices =
            [
                new("disable", "never"),
                new("prefer", "when the server offers it"),
                new("require", "always, whatever its certificate"),
                new("verify_full", "always, with a certificate to trust and of this name"),
            ],
        },
        new ParameterDefinition
        {
            Key = "schema", Label = "Schema", Kind = ParameterKind.Text, Default = "hpmanager", IsAdvanced = true, Rule = ProblemOfSchema,
            Help = "The tables lie in it; it is made when the user may.",
        },
    ];

    public IReadOnlyList<string> AddressKeys { get; } = ["host", "port"];

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public IHistoryEngine Create(Settings settings) => new PostgreSqlEngine(settings, time);

    private static string? ProblemOfSchema(string schema) => Text.SnakeCase.IsValid(schema, maxLength: 40)
        ? null
        : "Schema must be lower snake case, 1 to 40 characters, such as hpmanager.";
}
