using HPManager.Core.HeatPumps;

namespace HPManager.Core.History.Engines;

/// <summary>The address of an engine that speaks HTTP, as an owner gives it: <c>http://host:8086</c>, with a path when it lies behind one.</summary>
internal static class EngineAddress
{
    /// <summary>A parameter for it.</summary>
    public static ParameterDefinition Parameter(string key, string label, string help) => new()
    {
        Key = key,
        Label = label,
        Kind = ParameterKind.Text,
        IsRequired = true,
        Rule = text => ProblemOf(text, label),
        Help = help,
    };

    /// <summary>What is wrong with an address, in words; null when it is one.</summary>
    public static string? ProblemOf(string text, string label)
    {
        var isAddress = Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.Host.Length > 0;
        if (!isAddress) return $"{label} must be an address such as http://192.168.1.20:8086.";
        return address!.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            ? $"{label} must not hold a user name, a password, ? or #; there are fields for them."
            : null;
    }

    /// <summary>The address, such that paths can be put behind it.</summary>
    public static Uri Parse(string text) => new(text.Trim().TrimEnd('/') + "/");
}
