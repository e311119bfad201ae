using HPManager.Core.HeatPumps;

namespace HPManager.Drivers.Mqtt;

/// <summary>What an owner says about a broker, the same for everything that is reached through one.</summary>
internal static class MqttConnections
{
    /// <summary>Key of the broker's name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of whether the connection is encrypted.</summary>
    public const string Tls = "tls";

    /// <summary>Key of the fingerprint of the one certificate that is trusted.</summary>
    public const string Fingerprint = "certificate_fingerprint";

    /// <summary>Key of the user name.</summary>
    public const string User = "user";

    /// <summary>Key of the password.</summary>
    public const string Password = "password";

    /// <summary>The parameters of a broker.</summary>
    /// <param name="hostHelp">Where to find its name or address.</param>
    public static IReadOnlyList<ParameterDefinition> Broker(string hostHelp) =>
    [
        new ParameterDefinition { Key = Host, Label = "Host", Kind = ParameterKind.Host, IsRequired = true, Help = hostHelp },
        new ParameterDefinition
        {
            Key = Port, Label = "Port", Kind = ParameterKind.Integer, Default = "1883", Min = 1, Max = 65535, IsAdvanced = true,
            Help = $"Usually {MqttEndpoint.UsualPort}, with TLS {MqttEndpoint.UsualTlsPort}.",
        },
        new ParameterDefinition { Key = User, Label = "User name", Kind = ParameterKind.Text, Help = "Empty when the broker lets everybody in." },
        new ParameterDefinition { Key = Password, Label = "Password", Kind = ParameterKind.Secret },
        new ParameterDefinition { Key = Tls, Label = "Encrypted (TLS)", Kind = ParameterKind.Flag, Default = "false", IsAdvanced = true },
        new ParameterDefinition
        {
            Key = Fingerprint, Label = "Fingerprint of the certificate", Kind = ParameterKind.Text, IsAdvanced = true, Rule = MqttEndpoint.ProblemOfFingerprint,
            Help = "SHA-256 of the broker's certificate, when it is one that the system does not trust; the connection test says it.",
        },
    ];

    /// <summary>Whether a setting says how to be let in, not where.</summary>
    public static bool IsLogin(string key) => key is User or Password or Tls or Fingerprint;

    /// <summary>The broker that settings name; never throws for settings that passed the parameters' checks.</summary>
    public static MqttEndpoint EndpointOf(Settings settings) => new(settings[Host] ?? "", settings.Integer(Port) ?? MqttEndpoint.UsualPort)
    {
        UsesTls = settings.Flag(Tls),
        CertificateFingerprint = settings.Flag(Tls) ? settings[Fingerprint] : null,
        User = settings[User],
        Password = settings[Password],
    };

    /// <summary>A key for a broker: <c>scheme://host:port</c>.</summary>
    /// <param name="scheme">What is spoken over it, because only those who speak the same share a session.</param>
    /// <param name="endpoint">The broker.</param>
    public static string NameOf(string scheme, MqttEndpoint endpoint)
    {
        var host = endpoint.Host.Contains(':', StringComparison.Ordinal) ? $"[{endpoint.Host}]" : endpoint.Host;
        return FormattableString.Invariant($"{scheme}://{host}:{endpoint.Port}");
    }

    /// <summary>Why two cannot share a session to one broker; null when they can.</summary>
    public static string? ConflictOf(MqttEndpoint one, MqttEndpoint other) =>
        one.Host == other.Host && one.Port == other.Port && one != other ? "uses this broker with another user, password or certificate" : null;
}
