namespace HPManager.Core.Accounts;

/// <summary>Where accounts are kept. Thread-safe; each change is atomic and touches only what it names.</summary>
public interface IAccountStore
{
    /// <summary>All accounts at a cloud, by id.</summary>
    Task<IReadOnlyList<Account>> ListAsync(string service, CancellationToken cancellationToken);

    /// <summary>One; null when there is none.</summary>
    Task<Account?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a new account; its id is given.</summary>
    /// <returns>It with its id.</returns>
    Task<Account> AddAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Keeps a sign-in that was made again: client id, places, secret and moment. False when the account is gone.</summary>
    Task<bool> SignInAgainAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Keeps what renews the sign-in; null when it has ended. False when the account is gone.</summary>
    Task<bool> KeepSecretAsync(string id, string? secret, CancellationToken cancellationToken);

    /// <summary>Keeps what was spent. False when the account is gone.</summary>
    Task<bool> KeepSpendingAsync(string id, string spending, CancellationToken cancellationToken);
}
