namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>What kept a conversation from succeeding. Each leaves the connection closed.</summary>
public enum LuxtronikFault
{
    /// <summary>Nothing: success.</summary>
    None,

    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host answers, nothing listens on the ports.</summary>
    ConnectionRefused,

    /// <summary>No connection within the connect timeout.</summary>
    ConnectTimeout,

    /// <summary>Connected, but no whole answer in time.</summary>
    Timeout,

    /// <summary>The connection ended before the answer was whole.</summary>
    ConnectionLost,

    /// <summary>The answer does not begin with the command, or names another parameter than was written.</summary>
    WrongEcho,

    /// <summary>A number of entries, or a status, that no controller sends; nothing was taken in.</summary>
    BadLength,

    /// <summary>Bytes behind the end of an answer that nobody asked for.</summary>
    Surplus,

    /// <summary>The controller says that a setting is being changed: ask again in five seconds.</summary>
    Busy,
}

/// <summary>How a conversation ended. <c>default</c> is success. Immutable.</summary>
/// <param name="Fault">Why it failed, or <see cref="LuxtronikFault.None"/>.</param>
/// <param name="Detail">What happened, in English for logs and support; null on success.</param>
/// <param name="HasAnswered">Whether a right answer had begun on this connection, which proves that a Luxtronik controller is there.</param>
public readonly record struct LuxtronikResult(LuxtronikFault Fault, string? Detail, bool HasAnswered)
{
    /// <summary>Everything asked for was answered.</summary>
    public static LuxtronikResult Success => new(LuxtronikFault.None, null, HasAnswered: true);

    /// <summary>Everything asked for was answered.</summary>
    public bool IsSuccess => Fault == LuxtronikFault.None;

    /// <summary>Whether there never was a connection, so that nothing can have been sent.</summary>
    public bool IsBeforeSending =>
        Fault is LuxtronikFault.NameNotFound or LuxtronikFault.HostUnreachable or LuxtronikFault.ConnectionRefused or LuxtronikFault.ConnectTimeout;

    internal static LuxtronikResult Failed(LuxtronikFault fault, string detail, bool hasAnswered = false) => new(fault, detail, hasAnswered);
}
