namespace HPManager.Core.History.Import.Http;

/// <summary>Addresses of servers that history is taken from.</summary>
public static class ServerAddress
{
    /// <summary>What is allowed, in words.</summary>
    public const string Format = "http or https, without user and password, such as http://192.168.1.20:8086";

    /// <summary>Whether the text is one.</summary>
    public static bool IsValid(string url) => Parse(url) is not null;

    /// <summary>The address, with a slash at its end; null when the text is none.</summary>
    internal static Uri? Parse(string url) =>
        Uri.TryCreate(url.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : null;
}
