using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HPManager.Drivers.Viessmann.SignIn;

/// <summary>Proof that whoever exchanges a code is who asked for it (RFC 7636).</summary>
internal static class Pkce
{
    /// <summary>A secret of 43 letters that nobody can guess.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The challenge of a verifier, by SHA-256.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
