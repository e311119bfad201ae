using System.Net.Http.Headers;
using System.Text;

namespace HPManager.Core.History.Engines;

/// <summary>How an engine that speaks HTTP lets us in, and what of it is secret.</summary>
internal static class EngineLogin
{
    /// <summary>By user and password.</summary>
    public static (AuthenticationHeaderValue Login, IReadOnlyList<string> Secrets) Basic(string user, string password)
    {
        var both = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return (new AuthenticationHeaderValue("Basic", both), password.Length == 0 ? [both] : [both, password]);
    }

    /// <summary>What is wrong with a token, in words; null when it can be sent.</summary>
    public static string? ProblemOfToken(string token) =>
        token.All(c => c is > ' ' and <= '~') ? null : "Token must have no spaces and no letters beyond ASCII.";
}
