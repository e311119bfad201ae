using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Luxtronik.Client;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>The way to reach a controller, and what an owner may decide about it.</summary>
internal static class LuxtronikConnections
{
    /// <summary>Kind of a connection in the controller's own protocol.</summary>
    public const string Kind = "luxtronik";

    /// <summary>Key of the host name or address.</summary>
    public const string Host = "host";

    /// <summary>Key of the TCP port.</summary>
    public const string Port = "port";

    /// <summary>Key of the option that lets writes through to firmware that freezes on them.</summary>
    public const string AllowWritesOn90 = "allow_writes_on_90";

    public static ConnectionKind Description { get; } = new(
        Kind,
        "Luxtronik network protocol",
        [
            new ParameterDefinition
            {
                Key = Host, Label = "Host", Kind = ParameterKind.Host, IsRequired = true, Help = "Name or address of the controller in your network.",
            },
            new ParameterDefinition
            {
                Key = Port, Label = "Port", Kind = ParameterKind.Integer, Min = 1, Max = 65535, IsAdvanced = true,
                Help = $"Leave empty: {LuxtronikEndpoint.UsualPort} is tried first, then {LuxtronikEndpoint.OldPort} for old firmware.",
            },
        ]);

    public static IReadOnlyList<ParameterDefinition> Options { get; } =
    [
        new ParameterDefinition
        {
            Key = AllowWritesOn90, Label = "Write to firmware x.90.0 all the same", Kind = ParameterKind.Flag, Default = "false", IsAdvanced = true,
            Help = "Firmware V1.90.0 and V2.90.0 freezes at any write and restarts after about 100 s; the value is usually taken all the same.",
        },
    ];

    public static LuxtronikEndpoint EndpointOf(ConnectionConfig connection) =>
        new((connection.Settings[Host] ?? "").Trim().Trim('[', ']'), connection.Settings.Integer(Port));

    /// <summary>The endpoint in words, as a key and for logs.</summary>
    public static string NameOf(LuxtronikEndpoint endpoint)
    {
        var host = endpoint.Host.ToLowerInvariant();
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        return endpoint.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Kind}://{host}:{port}") : $"{Kind}://{host}";
    }
}
