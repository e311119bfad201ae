using System.Text.Json;

namespace HPManager.Drivers.Viessmann.Client;

/// <summary>What kept an answer from being one.</summary>
internal enum CloudFault
{
    None,
    NameNotFound,
    Unreachable,
    Timeout,
    ConnectionLost,

    /// <summary>The server's certificate is not to be trusted, or it speaks no TLS.</summary>
    NotTrusted,

    /// <summary>The answer points to another place, where the token must not go.</summary>
    Redirected,

    TooLarge,

    /// <summary>Answered, but with something else than JSON, such as a page.</summary>
    NotJson,

    /// <summary>JSON that is damaged or not of the documented shape.</summary>
    BadJson,

    /// <summary>The cloud has trouble of its own.</summary>
    ServiceDown,

    /// <summary>The access token is not good any more.</summary>
    TokenExpired,

    /// <summary>The sign-in has ended: nothing but the owner can renew it.</summary>
    SignedOut,

    AccessDenied,
    GatewayOffline,
    DeviceOffline,

    /// <summary>The cloud could not get through to the heat pump, for a reason that it does not tell.</summary>
    Upstream,

    /// <summary>There is no such feature or command at the moment.</summary>
    NotOffered,

    /// <summary>A value that the cloud does not accept.</summary>
    Invalid,

    LimitReached,

    /// <summary>The account's plan does not include this.</summary>
    NotPaid,

    /// <summary>An error that is not known here.</summary>
    Other,
}

/// <summary>What a 429 says.</summary>
/// <param name="Name">The limit's name, as the cloud calls it; empty for none.</param>
/// <param name="Count">How many requests it allows; null when it does not say.</param>
/// <param name="Reset">When it ends, UTC; null when it does not say or says nonsense.</param>
internal sealed record CloudLimit(string Name, int? Count, DateTimeOffset? Reset);

/// <summary>An answer of the cloud.</summary>
/// <param name="Fault">What is wrong.</param>
/// <param name="Detail">What happened, for people; never with a token or a serial number. Empty on success.</param>
/// <param name="Body">The JSON; undefined when there is none.</param>
internal sealed record CloudResult(CloudFault Fault, string Detail, JsonElement Body = default)
{
    /// <summary>The limit that was reached; null for none.</summary>
    public CloudLimit? Limit { get; init; }

    /// <summary>Until when nothing is sent, UTC, because of a limit; null when there is none.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool IsSuccess => Fault == CloudFault.None;

    /// <summary>Whether the cloud cannot have acted on the request.</summary>
    public bool IsBeforeSending { get; init; }

    public static CloudResult Failed(CloudFault fault, string detail) => new(fault, detail);
}
