using HPManager.Core.HeatPumps;
using Microsoft.EntityFrameworkCore;

namespace HPManager.Core.Storage;

/// <summary>What belongs to a heat pump, in the configuration's file: anything with an <c>Id</c> and a <c>HeatPumpId</c>.</summary>
internal sealed class OwnedStore<T>(IDbContextFactory<HPManagerContext> contexts) : IOwnedStore<T>
    where T : class
{
    private const string Id = "Id";
    private const string Owner = "HeatPumpId";

    public async Task<IReadOnlyList<T>> ListAsync(HeatPumpId? heatPump, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var all = context.Set<T>().AsNoTracking();
        if (heatPump is { } owner) all = all.Where(item => EF.Property<HeatPumpId>(item, Owner) == owner);
        return await all.OrderBy(item => EF.Property<int>(item, Id)).ToListAsync(cancellationToken);
    }

    public async Task<T?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<T>().AsNoTracking().FirstOrDefaultAsync(item => EF.Property<int>(item, Id) == id, cancellationToken);
    }

    public async Task<T> AddAsync(T item, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // A copy, because the new id is written into what is added, and the argument belongs to the caller.
        var values = context.Entry(item).CurrentValues.Clone();
        values[Id] = 0;
        var added = (T)values.ToObject();
        context.Set<T>().Add(added);
        await context.SaveChangesAsync(cancellationToken);
        return added;
    }

    public async Task<bool> UpdateAsync(T item, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var id = context.Entry(item).Property<int>(Id).CurrentValue;
        if (!await context.Set<T>().AnyAsync(known => EF.Property<int>(known, Id) == id, cancellationToken)) return false;
        context.Set<T>().Update(item);
        return await context.TrySaveAsync(cancellationToken);
    }

    public async Task<bool> RemoveAsync(int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Set<T>().FirstOrDefaultAsync(known => EF.Property<int>(known, Id) == id, cancellationToken) is not { } item) return false;
        context.Set<T>().Remove(item);
        return await context.TrySaveAsync(cancellationToken);
    }
}
