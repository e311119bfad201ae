namespace HPManager.Drivers.Ebusd.Client;

/// <summary>What kept a command from being answered. Each leaves the connection closed.</summary>
public enum EbusdFault
{
    /// <summary>Nothing: there is an answer, which may still be a refusal.</summary>
    None,

    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host answers, nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>No connection within the connect timeout.</summary>
    ConnectTimeout,

    /// <summary>Connected, but no whole answer in time.</summary>
    Timeout,

    /// <summary>The connection ended before the answer was whole.</summary>
    ConnectionLost,

    /// <summary>The answer is no text of lines.</summary>
    NotText,

    /// <summary>A line or an answer longer than any that ebusd gives; it was not taken in.</summary>
    TooLong,

    /// <summary>Bytes before the question or behind the end of the answer that nobody asked for.</summary>
    Surplus,

    /// <summary>User name or secret are refused.</summary>
    LoginRefused,
}

/// <summary>How a command ended.</summary>
/// <param name="Fault">Why there is no answer, or <see cref="EbusdFault.None"/>.</param>
/// <param name="Detail">What happened, in English for logs and support; null with an answer. Never holds a secret.</param>
/// <param name="Lines">The answer's lines; empty without one.</param>
/// <param name="HasAnswered">Whether a whole answer had come on this connection before.</param>
public readonly record struct EbusdAnswer(EbusdFault Fault, string? Detail, IReadOnlyList<string> Lines, bool HasAnswered)
{
    /// <summary>Whether there is an answer.</summary>
    public bool IsAnswered => Fault == EbusdFault.None;

    /// <summary>The first line; empty without one.</summary>
    public string Text => Lines is { Count: > 0 } ? Lines[0] : "";

    /// <summary>Whether ebusd refused or failed to do what was asked.</summary>
    public bool IsError => Text.StartsWith("ERR:", StringComparison.Ordinal) || Text.StartsWith("usage:", StringComparison.Ordinal);

    /// <summary>Whether there never was a connection, so that nothing can have been sent.</summary>
    public bool IsBeforeSending => Fault is EbusdFault.NameNotFound or EbusdFault.HostUnreachable or EbusdFault.ConnectionRefused
        or EbusdFault.ConnectTimeout or EbusdFault.LoginRefused;

    internal static EbusdAnswer Failed(EbusdFault fault, string detail, bool hasAnswered = false) => new(fault, detail, [], hasAnswered);
}
