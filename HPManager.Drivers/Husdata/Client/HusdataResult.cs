using System.Net;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>What kept a request from succeeding.</summary>
internal enum HusdataFault
{
    /// <summary>Nothing: answered with 200 and a body.</summary>
    None,

    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host answers, nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>No connection within the limit.</summary>
    ConnectTimeout,

    /// <summary>Connected, but no whole answer in time.</summary>
    Timeout,

    /// <summary>The connection ended before the answer was whole.</summary>
    ConnectionLost,

    /// <summary>What answers does not speak HTTP.</summary>
    NotHttp,

    /// <summary>The answer points to another place; it is not followed.</summary>
    Redirected,

    /// <summary>A status other than 200.</summary>
    Status,

    /// <summary>The answer is longer than any gateway's; it was not read to its end.</summary>
    TooLarge,
}

/// <summary>How a request ended.</summary>
/// <param name="Fault">Why it failed, or <see cref="HusdataFault.None"/>.</param>
/// <param name="Detail">What happened, for logs and support; empty on success.</param>
/// <param name="Status">HTTP status; default when there was none.</param>
/// <param name="Body">The body, valid until the next request; empty on failure.</param>
internal readonly record struct HusdataAnswer(HusdataFault Fault, string Detail, HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether there is a body to look at.</summary>
    public bool IsSuccess => Fault == HusdataFault.None;

    /// <summary>Whether there never was a connection, so that nothing can have been sent.</summary>
    public bool IsBeforeSending =>
        Fault is HusdataFault.NameNotFound or HusdataFault.HostUnreachable or HusdataFault.ConnectionRefused or HusdataFault.ConnectTimeout;

    public static HusdataAnswer Failed(HusdataFault fault, string detail, HttpStatusCode status = default) => new(fault, detail, status, default);
}
