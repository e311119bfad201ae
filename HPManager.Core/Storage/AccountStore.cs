using HPManager.Core.Accounts;
using Microsoft.EntityFrameworkCore;

namespace HPManager.Core.Storage;

/// <summary>Accounts in the configuration's file.</summary>
internal sealed class AccountStore(IDbContextFactory<HPManagerContext> contexts) : IAccountStore
{
    private const string Sequence = "accounts";

    public async Task<IReadOnlyList<Account>> ListAsync(string service, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Accounts.AsNoTracking().Where(account => account.Service == service).OrderBy(account => account.Id).ToListAsync(cancellationToken);
    }

    public async Task<Account?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Accounts.AsNoTracking().FirstOrDefaultAsync(account => account.Id == id, cancellationToken);
    }

    public async Task<Account> AddAsync(Account account, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var sequence = await context.Sequences.FirstOrDefaultAsync(known => known.Name == Sequence, cancellationToken);
        if (sequence is null) context.Sequences.Add(sequence = new IdSequence { Name = Sequence });
        var added = account with { Id = $"{account.Service}-{++sequence.Last}" };
        context.Accounts.Add(added);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    public Task<bool> SignInAgainAsync(Account account, CancellationToken cancellationToken) => ChangeAsync(
        account.Id,
        entry =>
        {
            entry.Property(known => known.ClientId).CurrentValue = account.ClientId;
            entry.Property(known => known.Places).CurrentValue = account.Places;
            entry.Property(known => known.Secret).CurrentValue = account.Secret;
            entry.Property(known => known.SignedInAt).CurrentValue = account.SignedInAt;
        },
        cancellationToken);

    public Task<bool> KeepSecretAsync(string id, string? secret, CancellationToken cancellationToken) =>
        ChangeAsync(id, entry => entry.Property(known => known.Secret).CurrentValue = secret, cancellationToken);

    public Task<bool> KeepSpendingAsync(string id, string spending, CancellationToken cancellationToken) =>
        ChangeAsync(id, entry => entry.Property(known => known.Spending).CurrentValue = spending, cancellationToken);

    // Only the columns that differ are written, so that a new token and the budget never undo each other.
    private async Task<bool> ChangeAsync(
        string id, Action<Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry<Account>> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Accounts.FirstOrDefaultAsync(account => account.Id == id, cancellationToken) is not { } found) return false;
        change(context.Entry(found));
        return await context.TrySaveAsync(cancellationToken);
    }
}
