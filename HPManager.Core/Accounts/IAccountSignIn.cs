using HPManager.Core.Manufacturers;

namespace HPManager.Core.Accounts;

/// <summary>Signs in at one manufacturer's cloud, in the owner's browser. Implemented by a driver. Thread-safe.</summary>
public interface IAccountSignIn
{
    /// <summary>Key of the cloud, lower snake case, which is part of the address that the browser comes back to: <c>viessmann</c>.</summary>
    string Service { get; }

    /// <summary>What a person reads: <c>Viessmann</c>.</summary>
    string Name { get; }

    /// <summary>Begins a sign-in. No I/O.</summary>
    SignInStart Begin(SignInRequest request);

    /// <summary>Ends a sign-in with what the browser came back with. A return counts once; a second one of the same ticket is refused.</summary>
    Task<SignInResult> CompleteAsync(SignInReturn answer, CancellationToken cancellationToken);

    /// <summary>The devices that an account may see, those that this driver reads.</summary>
    Task<AccountDevices> DevicesAsync(string accountId, CancellationToken cancellationToken);
}

/// <summary>What a sign-in needs.</summary>
/// <param name="ClientId">The owner's client id at the cloud.</param>
/// <param name="Redirect">Where the browser is sent back to, exactly as it is registered at the cloud.</param>
/// <param name="AccountId">The account that is signed in again; null for a new one.</param>
public sealed record SignInRequest(string ClientId, Uri Redirect, string? AccountId);

/// <summary>A sign-in under way.</summary>
/// <param name="Ticket">By which its result is known.</param>
/// <param name="Address">Where the owner's browser has to go.</param>
public sealed record SignInStart(string Ticket, Uri Address);

/// <summary>How a sign-in ended.</summary>
/// <param name="Account">The account, new or known before; null when it failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record SignInResult(Account? Account, Failure? Failure);

/// <summary>A device of an account.</summary>
/// <param name="Key">What a connection names it by.</param>
/// <param name="Label">What a person reads.</param>
public sealed record AccountDevice(string Key, string Label);

/// <summary>The devices of an account, or why they are not known.</summary>
/// <param name="Devices">Empty when the account has none, or when there is a failure.</param>
/// <param name="Failure">Why they are not known; null when they are.</param>
public sealed record AccountDevices(IReadOnlyList<AccountDevice> Devices, Failure? Failure);
