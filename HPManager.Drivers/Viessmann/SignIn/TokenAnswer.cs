using System.Text.Json;
using HPManager.Drivers.Viessmann.Client;

namespace HPManager.Drivers.Viessmann.SignIn;

/// <summary>What the token address gives.</summary>
/// <param name="Access">Opens the data for an hour.</param>
/// <param name="ExpiresIn">How long.</param>
/// <param name="Refresh">Renews it; null when none came along.</param>
internal sealed record TokenAnswer(string Access, TimeSpan ExpiresIn, string? Refresh)
{
    private const int LongestToken = 16_000;
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>Reads an answer; null when it holds no token that could be sent.</summary>
    public static TokenAnswer? Read(JsonElement body)
    {
        if (Token(body, "access_token") is not { } access) return null;
        var seconds = body.Member("expires_in").Number();
        return new TokenAnswer(access, seconds is > 0 and < 86_400 * 30 ? TimeSpan.FromSeconds(seconds.Value) : Usual, Token(body, "refresh_token"));
    }

    // What goes into a header must not break it.
    private static string? Token(JsonElement body, string name) =>
        body.Member(name).Text() is { Length: > 0 and <= LongestToken } text && text.All(letter => letter is > ' ' and < '\x7f') ? text : null;
}
