using Microsoft.Extensions.Options;

namespace HPManager.Web.Hosting;

/// <summary>Where HPManager listens: section <c>Server</c> of the settings.</summary>
public sealed class ServerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Server";

    /// <summary>Port, 1 to 65535; 0 takes a free one, which the log names. Default 5080.</summary>
    public int Port { get; set; } = 5080;

    /// <summary>
    /// Opens HPManager to the whole network without a login. Default false: it then listens on this machine's loopback only.
    /// </summary>
    public bool ListenOnAllInterfaces { get; set; }
}

/// <summary>Names every setting at fault.</summary>
internal sealed class ValidateServerOptions : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options) => options.Port is >= 0 and <= 65535
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{ServerOptions.Section}:{nameof(options.Port)} is {options.Port}; allowed are 1 to 65535, or 0 for a free port.");
}
