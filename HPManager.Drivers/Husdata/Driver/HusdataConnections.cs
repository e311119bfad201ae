using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Text;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Husdata.Tables;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>The ways to a gateway, and what an owner may decide about it.</summary>
internal static class HusdataConnections
{
    /// <summary>Kind of a connection over the gateway's HTTP interface.</summary>
    public const string Http = "http";

    /// <summary>Kind of a connection to what the gateway publishes.</summary>
    public const string Mqtt = "mqtt";

    /// <summary>Kind of a connection both ways, the newest value counting.</summary>
    public const string Both = "http_mqtt";

    /// <summary>Key of the gateway's host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the gateway's TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the broker's host name or address.</summary>
    public const string Broker = "broker";

    /// <summary>Key of the broker's TCP port.</summary>
    public const string BrokerPort = "broker_port";

    /// <summary>Key of the first part of the gateway's topics.</summary>
    public const string Gateway = "gateway";

    /// <summary>Key of the form in which the gateway publishes.</summary>
    public const string MqttScaling = "mqtt_scaling";

    private const string User = "user";
    private const string Password = "password";
    private const string Tls = "tls";
    private const string Fingerprint = "certificate_fingerprint";

    /// <summary>Key of the option that says how the gateway scales.</summary>
    public const string ScalingOption = "scaling";

    /// <summary>Key of the option that lets unproven writes through.</summary>
    public const string AllowUnverifiedWrites = "allow_unverified_writes";

    private const string Found = "auto";

    public static IReadOnlyList<ConnectionKind> Kinds { get; } =
    [
        new ConnectionKind(Http, "HTTP", [.. HttpParameters()]),
        new ConnectionKind(Mqtt, "MQTT", [.. MqttParameters()]),
        new ConnectionKind(Both, "HTTP and MQTT", [.. HttpParameters(), .. MqttParameters()]),
    ];

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

    /// <summary>The way to the gateway's HTTP interface; null for a connection without.</summary>
    public static HusdataEndpoint? HttpOf(ConnectionConfig connection) => connection.Kind == Mqtt
        ? null
        : new((connection.Settings[Host] ?? "").Trim().Trim('[', ']'), connection.Settings.Integer(Port) ?? HusdataEndpoint.UsualPort);

    /// <summary>Where the gateway publishes; null for a connection without.</summary>
    public static FeedAddress? FeedOf(ConnectionConfig connection)
    {
        if (connection.Kind == Http) return null;
        var settings = connection.Settings;
        var broker = new MqttEndpoint(settings[Broker] ?? "broker.invalid", settings.Integer(BrokerPort) ?? MqttEndpoint.UsualPort)
        {
            UsesTls = settings.Flag(Tls),
            User = settings[User],
            Password = settings[Password],
            CertificateFingerprint = settings[Fingerprint] is { } fingerprint && MqttEndpoint.ProblemOfFingerprint(fingerprint) is null ? fingerprint : null,
        };
        return new FeedAddress(broker, settings[Gateway] ?? "", SnakeCaseEnum.TryParse<FeedForm>(settings[MqttScaling], out var form) ? form : FeedForm.Auto);
    }

    public static Scaling ScalingOf(Settings options) => SnakeCaseEnum.TryParse<Scaling>(options[ScalingOption], out var scaling) ? scaling : Scaling.Open;

    /// <summary>The gateway in words, as a key and for logs.</summary>
    public static string NameOf(ConnectionConfig connection) =>
        HttpOf(connection) is { } endpoint ? NameOf(endpoint) : NameOf(FeedOf(connection)!);

    /// <summary>The gateway by what it publishes, whoever reads it there.</summary>
    public static string NameOf(FeedAddress feed) =>
        string.Create(CultureInfo.InvariantCulture, $"husdata+mqtt://{feed.Broker.Host}:{feed.Broker.Port}/{feed.Gateway.ToLowerInvariant()}");

    private static string NameOf(HusdataEndpoint endpoint)
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

    private static IEnumerable<ParameterDefinition> MqttParameters() =>
    [
        new ParameterDefinition
        {
            Key = Broker, Label = "Broker", Kind = ParameterKind.Host, IsRequired = true, Help = "Name or address of the MQTT broker that the gateway publishes to.",
        },
        new ParameterDefinition
        {
            Key = BrokerPort, Label = "Port of the broker", Kind = ParameterKind.Integer, Min = 1, Max = 65535, IsAdvanced = true,
            Default = MqttEndpoint.UsualPort.ToString(CultureInfo.InvariantCulture),
        },
        new ParameterDefinition
        {
            Key = Gateway, Label = "Gateway's number", Kind = ParameterKind.Text, IsRequired = true,
            Help = "The first part of its topics, such as 841d00aabbcc; upper and lower case count.",
        },
        new ParameterDefinition { Key = User, Label = "User", Kind = ParameterKind.Text, Help = "At the broker; leave empty when it lets everybody in." },
        new ParameterDefinition { Key = Password, Label = "Password", Kind = ParameterKind.Secret },
        new ParameterDefinition { Key = Tls, Label = "Encrypted (TLS)", Kind = ParameterKind.Flag, Default = "false", IsAdvanced = true },
        new ParameterDefinition
        {
            Key = Fingerprint, Label = "Fingerprint of the broker's certificate", Kind = ParameterKind.Text, IsAdvanced = true,
            Help = "SHA-256, 64 hexadecimal digits, for a certificate that you made yourself; leave empty for one that this system trusts.",
        },
        new ParameterDefinition
        {
            Key = MqttScaling, Label = "How the gateway publishes numbers", Kind = ParameterKind.Choice, Default = SnakeCaseEnum.Key(FeedForm.Auto), IsAdvanced = true,
            Choices =
            [
                new ParameterChoice(SnakeCaseEnum.Key(FeedForm.Auto), "Find out"),
                new ParameterChoice(SnakeCaseEnum.Key(FeedForm.Engineering), "In their units, such as 31.2"),
                new ParameterChoice(SnakeCaseEnum.Key(FeedForm.Raw), "As over HTTP, such as 312"),
            ],
        },
    ];
}
