namespace HPManager.Drivers.Mqtt;

/// <summary>
/// A broker and whom it is to let in. Two endpoints that are equal share one connection. The text of an endpoint leaves the password out.
/// </summary>
public sealed record MqttEndpoint
{
    /// <summary>The port by convention without TLS.</summary>
    public const int UsualPort = 1883;

    /// <summary>The port by convention with TLS.</summary>
    public const int UsualTlsPort = 8883;

    private const int FingerprintDigits = 64;

    /// <summary>Names a broker.</summary>
    /// <param name="host">IPv4 or IPv6 address, or a name; upper and lower case alike.</param>
    /// <param name="port">TCP port, 1..65535.</param>
    /// <exception cref="ArgumentException">There is no host, or the port is out of range.</exception>
    public MqttEndpoint(string host, int port)
    {
        if (string.IsNullOrWhiteSpace(host)) throw new ArgumentException("The broker needs a host.", nameof(host));
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Host = host.Trim().Trim('[', ']').ToLowerInvariant();
        Port = port;
    }

    /// <summary>Address or name, in lower case.</summary>
    public string Host { get; }

    /// <summary>TCP port.</summary>
    public int Port { get; }

    /// <summary>Whether the connection is encrypted. The certificate must be trusted by the system and fit the host, unless it is pinned.</summary>
    public bool UsesTls { get; init; }

    /// <summary>
    /// SHA-256 of the one certificate that is trusted, whoever issued it and whatever it is called, as 64 hexadecimal digits with or without colons;
    /// null for the system's trust.
    /// </summary>
    /// <exception cref="ArgumentException">It is not 64 hexadecimal digits.</exception>
    public string? CertificateFingerprint
    {
        get;
        init => field = value is null ? null : Digits(value);
    }

    /// <summary>User name; null to be let in without one.</summary>
    public string? User { get; init; }

    /// <summary>Password; null for none. Has no effect without a user name, because the protocol has no place for it then.</summary>
    public string? Password { get; init; }

    /// <summary>What is wrong with a fingerprint, in words; null when it is right.</summary>
    public static string? ProblemOfFingerprint(string text)
    {
        var digits = Plain(text);
        return digits.Length == FingerprintDigits && digits.All(char.IsAsciiHexDigit)
            ? null
            : $"The fingerprint of a certificate is {FingerprintDigits} hexadecimal digits (SHA-256), with or without colons.";
    }

    /// <summary>Everything but the password.</summary>
    public override string ToString() => $"{Host}:{Port}{(UsesTls ? " with TLS" : "")}{(User is null ? "" : $" as {User}")}";

    private static string Digits(string text) =>
        ProblemOfFingerprint(text) is { } problem ? throw new ArgumentException(problem, nameof(text)) : Plain(text).ToUpperInvariant();

    private static string Plain(string text) => text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
