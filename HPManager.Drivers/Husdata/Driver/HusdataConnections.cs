using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>The ways to a gateway, and what an owner may decide about it.</summary>
internal static class HusdataConnections
{
    /// <summary>Kind of a connection over the gateway's HTTP interface.</summary>
    public const string Http = "http";

    /// <summary>Key of the gateway's host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the gateway's TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the option that says how the gateway scales.</summary>
    public const string ScalingOption = "scaling";

    /// <summary>Key of the option that lets unproven writes through.</summary>
    public const string AllowUnverifiedWrites = "allow_unverified_writes";

    private const string Found = "auto";

    public static ConnectionKind HttpKind { get; } = new(Http, "HTTP", [.. HttpParameters()]);

    public static IReadOnlyList<ParameterDefinition> Options { get; } =
    [
        new ParameterDefinition
        {
            Key = ScalingOption, Label = "How the gateway scales numbers", Kind = ParameterKind.Choice, Default = Found, IsAdvanced = true,
            Choices =
            [
                new ParameterChoice(Found, "Find out"),
                new ParameterChoice(SnakeCaseEnum.Key(Scaling.H1Native), "H1-native: old firmware, numbers as the heat pump says them"),
                new ParameterChoice(SnakeCaseEnum.Key(Scaling.Normalised), "Normalised: numbers times ten, firmware since about the winter of 2022/23"),
            ],
            Help = "Found from the values themselves as a rule; the sensor \"How the gateway scales numbers\" says what was found and by what.",
        },
        new ParameterDefinition
        {
            Key = AllowUnverifiedWrites, Label = "Write settings whose form nobody has verified", Kind = ParameterKind.Flag, Default = "false", IsAdvanced = true,
            Help = "Operating mode, curve numbers and a few more: it is not proven in what form they have to be written. Read the setting back on the heat pump's own display after the first change.",
        },
    ];

    public static HusdataEndpoint HttpEndpointOf(ConnectionConfig connection) =>
        new((connection.Settings[Host] ?? "").Trim().Trim('[', ']'), connection.Settings.Integer(Port) ?? HusdataEndpoint.UsualPort);

    public static Scaling ScalingOf(Settings options) => SnakeCaseEnum.TryParse<Scaling>(options[ScalingOption], out var scaling) ? scaling : Scaling.Open;

    /// <summary>The gateway in words, as a key and for logs.</summary>
    public static string NameOf(HusdataEndpoint endpoint)
    {
        var host = endpoint.Host.ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return string.Create(CultureInfo.InvariantCulture, $"husdata://{host}:{endpoint.Port}");
    }

    private static IEnumerable<ParameterDefinition> HttpParameters() =>
    [
        new ParameterDefinition
        {
            Key = Host, Label = "Host", Kind = ParameterKind.Host, IsRequired = true, Help = "Name or address of the gateway in your network.",
        },
        new ParameterDefinition
        {
            Key = Port, Label = "Port", Kind = ParameterKind.Integer, Min = 1, Max = 65535, IsAdvanced = true,
            Default = HusdataEndpoint.UsualPort.ToString(CultureInfo.InvariantCulture),
        },
    ];
}
