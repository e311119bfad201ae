using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Core.Manufacturers;

/// <summary>Why a device could not be read or written, by what a person can do about it.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FailureCause>))]
public enum FailureCause
{
    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>Nothing answers at the address: off, asleep, or another network.</summary>
    HostUnreachable,

    /// <summary>The device refuses the port: the interface is switched off, or the port is wrong.</summary>
    PortClosed,

    /// <summary>Connected, but no answer in time: wrong unit id, or another client holds the device.</summary>
    NoAnswer,

    /// <summary>The connection broke in the middle.</summary>
    ConnectionLost,

    /// <summary>Something answers, but another protocol.</summary>
    OtherProtocol,

    /// <summary>An answer that contradicts itself or the request.</summary>
    BadAnswer,

    /// <summary>The device answers under another unit id only, or a gateway finds no device behind it.</summary>
    WrongUnit,

    /// <summary>The device answers, but not as this model would.</summary>
    OtherModel,

    /// <summary>The device refused this one request.</summary>
    Refused,

    /// <summary>The device is busy or allows no further client.</summary>
    Busy,

    /// <summary>A gateway, a bus or a cloud answers, but has lost the device behind it.</summary>
    DeviceOffline,

    /// <summary>A gateway or broker answers, but has no value of the device yet.</summary>
    NoData,

    /// <summary>Name, password or key are refused, or what is asked for is not allowed with them.</summary>
    AccessDenied,

    /// <summary>The sign-in at a cloud has ended; the owner has to sign in again.</summary>
    SignedOut,

    /// <summary>A cloud or its plan allows no more requests for now.</summary>
    LimitReached,

    /// <summary>A cloud cannot serve anybody now.</summary>
    ServiceDown,

    /// <summary>The server's certificate is not one to trust.</summary>
    NotTrusted,

    /// <summary>The configuration itself is wrong.</summary>
    Misconfigured,
}

/// <summary>An expected failure.</summary>
/// <param name="Cause">Kind of failure.</param>
/// <param name="Message">What happened, in one sentence.</param>
/// <param name="Hint">What to do about it; null when nothing is known.</param>
public sealed record Failure(FailureCause Cause, string Message, string? Hint = null);
