using System.Diagnostics.CodeAnalysis;

namespace HPManager.Core.Accounts;

/// <summary>What a browser brings back from a cloud's sign-in page.</summary>
/// <param name="Ticket">The state that was sent along; empty when it is missing.</param>
/// <param name="Code">What is exchanged for the sign-in; null when it was refused.</param>
/// <param name="Error">What the cloud says instead; null when it agreed.</param>
public sealed record SignInReturn(string Ticket, string? Code, string? Error)
{
    private const int Longest = 4000;

    /// <summary>Reads the address that a browser was sent to, or what stands behind its question mark.</summary>
    /// <returns>False when it holds neither a code nor an error.</returns>
    public static bool TryParse(string? address, [NotNullWhen(true)] out SignInReturn? answer)
    {
        answer = null;
        if (address is null || address.Length > Longest) return false;
        var query = address.Trim();
        if (query.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark) query = query[(mark + 1)..];
        if (query.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash) query = query[..hash];
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length == 2) fields.TryAdd(Decoded(parts[0]), Decoded(parts[1]));
        }

        return TryRead(fields.GetValueOrDefault, out answer);
    }

    /// <summary>Reads the fields of the address.</summary>
    /// <param name="field">A field by its name; null when it is not there.</param>
    /// <param name="answer">What was read.</param>
    /// <returns>False when it holds neither a code nor an error.</returns>
    public static bool TryRead(Func<string, string?> field, [NotNullWhen(true)] out SignInReturn? answer)
    {
        var code = Filled(field("code"));
        var error = Filled(field("error_description")) ?? Filled(field("error"));
        answer = code is null && error is null ? null : new SignInReturn(field("state") ?? "", error is null ? code : null, error);
        return answer is not null;
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
