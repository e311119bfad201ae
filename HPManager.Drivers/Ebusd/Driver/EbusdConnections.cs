using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Ebusd.Client;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>The way to reach an ebusd.</summary>
internal static class EbusdConnections
{
    /// <summary>Kind of a connection over ebusd's line protocol.</summary>
    public const string Kind = "ebusd";

    /// <summary>Key of the host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the user name.</summary>
    public const string User = "user";

    /// <summary>Key of what proves the user.</summary>
    public const string Secret = "secret";

    public static ConnectionKind Description { get; } = new(
        Kind,
        "ebusd (line protocol over TCP)",
        [
            new ParameterDefinition
            {
                Key = Host, Label = "Host", Kind = ParameterKind.Host, IsRequired = true, Help = "Name or address of the machine that ebusd runs on.",
            },
            new ParameterDefinition
            {
                Key = Port, Label = "Port", Kind = ParameterKind.Integer, Default = EbusdEndpoint.UsualPort.ToString(CultureInfo.InvariantCulture), Min = 1, Max = 65535,
                Help = "ebusd's port for text lines (--port), not the one of its web page (--httpport).",
            },
            new ParameterDefinition
            {
                Key = User, Label = "User", Kind = ParameterKind.Text, IsAdvanced = true, Help = "Only where ebusd has a file of users (--aclfile).",
            },
            new ParameterDefinition
            {
                Key = Secret, Label = "Secret", Kind = ParameterKind.Secret, IsAdvanced = true, Help = "The user's secret in that file. ebusd takes it unencrypted.",
            },
        ]);

    public static EbusdEndpoint EndpointOf(ConnectionConfig connection) => new(
        (connection.Settings[Host] ?? "").Trim().Trim('[', ']'), connection.Settings.Integer(Port) ?? EbusdEndpoint.UsualPort);

    public static EbusdLogin LoginOf(ConnectionConfig connection) => new(connection.Settings[User]?.Trim() ?? "", connection.Settings[Secret] ?? "");

    /// <summary>The endpoint in words, as a key and for logs.</summary>
    public static string NameOf(EbusdEndpoint endpoint)
    {
        var host = endpoint.Host.ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return string.Create(CultureInfo.InvariantCulture, $"{Kind}://{host}:{endpoint.Port}");
    }
}
