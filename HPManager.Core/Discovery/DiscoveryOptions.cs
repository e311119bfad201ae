using Microsoft.Extensions.Options;

namespace HPManager.Core.Discovery;

/// <summary>Where a search for heat pumps looks when it is asked for: section <c>Discovery</c> of the settings.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Discovery";

    /// <summary>Networks that are offered, such as <c>192.168.1.0/24</c>; empty for those that this machine is in. Default: empty.</summary>
    public IReadOnlyList<string> Ranges { get; set; } = [];

    /// <summary>Modbus ports beside 502. Default: none.</summary>
    public IReadOnlyList<int> ModbusPorts { get; set; } = [];

    /// <summary>HTTP ports beside 80. Default: none.</summary>
    public IReadOnlyList<int> HttpPorts { get; set; } = [];

    /// <summary>What is offered: the settings' networks, or the machine's own.</summary>
    public IReadOnlyList<AddressRange> Offered() => Ranges.Count == 0
        ? AddressRange.OfThisMachine()
        : [.. Ranges.Select(text => AddressRange.TryParse(text, out var range) ? range : default).Where(range => range != default)];
}

internal sealed class ValidateDiscoveryOptions : IValidateOptions<DiscoveryOptions>
{
    public ValidateOptionsResult Validate(string? name, DiscoveryOptions options)
    {
        if (options.Ranges.FirstOrDefault(text => !AddressRange.TryParse(text, out _)) is { } wrong)
            return ValidateOptionsResult.Fail($"{DiscoveryOptions.Section}:{nameof(options.Ranges)} has '{wrong}'; allowed is {AddressRange.Format}.");
        if (!options.ModbusPorts.All(IsPort)) return NoPorts(nameof(options.ModbusPorts));
        return options.HttpPorts.All(IsPort) ? ValidateOptionsResult.Success : NoPorts(nameof(options.HttpPorts));
    }

    private static bool IsPort(int port) => port is > 0 and <= 65535;

    private static ValidateOptionsResult NoPorts(string setting) =>
        ValidateOptionsResult.Fail($"{DiscoveryOptions.Section}:{setting} must be ports from 1 to 65535.");
}
