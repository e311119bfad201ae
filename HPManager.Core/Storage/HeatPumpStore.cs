using HPManager.Core.HeatPumps;
using Microsoft.EntityFrameworkCore;

namespace HPManager.Core.Storage;

/// <summary>Heat pumps in the configuration's file.</summary>
internal sealed class HeatPumpStore(IDbContextFactory<HPManagerContext> contexts, SecretSettings secrets) : IHeatPumpStore
{
    private const string Sequence = "heat_pumps";

    public async Task<IReadOnlyList<HeatPump>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.HeatPumps.AsNoTracking().OrderBy(heatPump => heatPump.Id).ToListAsync(cancellationToken)).ConvertAll(secrets.Open);
    }

    public async Task<HeatPump?> FindAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.HeatPumps.AsNoTracking().FirstOrDefaultAsync(heatPump => heatPump.Id == id, cancellationToken) is { } found
            ? secrets.Open(found)
            : null;
    }

    public async Task<HeatPump> AddAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var sequence = await context.Sequences.FirstOrDefaultAsync(known => known.Name == Sequence, cancellationToken);
        if (sequence is null) context.Sequences.Add(sequence = new IdSequence { Name = Sequence });
        var added = heatPump;
        if (heatPump.Id == default) added = heatPump with { Id = HeatPumpId.FromNumber(++sequence.Last) };
        else if (heatPump.Id.Number > sequence.Last) sequence.Last = heatPump.Id.Number.Value;
        context.HeatPumps.Add(secrets.Seal(added));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    public async Task<bool> UpdateAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.HeatPumps.AnyAsync(known => known.Id == heatPump.Id, cancellationToken)) return false;
        context.HeatPumps.Update(secrets.Seal(heatPump));
        return await context.TrySaveAsync(cancellationToken);
    }

    public async Task<bool> RemoveAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.HeatPumps.FirstOrDefaultAsync(known => known.Id == id, cancellationToken) is not { } heatPump) return false;
        context.HeatPumps.Remove(heatPump);
        return await context.TrySaveAsync(cancellationToken);
    }
}
