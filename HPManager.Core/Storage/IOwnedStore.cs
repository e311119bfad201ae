using HPManager.Core.HeatPumps;

namespace HPManager.Core.Storage;

/// <summary>Where things that belong to a heat pump are kept: dashboards, alert rules, jobs. Thread-safe.</summary>
/// <typeparam name="T">The thing; its id is given by the store.</typeparam>
public interface IOwnedStore<T>
    where T : class
{
    /// <summary>All, or those of one heat pump, by id.</summary>
    Task<IReadOnlyList<T>> ListAsync(HeatPumpId? heatPump, CancellationToken cancellationToken);

    /// <summary>One; null when there is none.</summary>
    Task<T?> FindAsync(int id, CancellationToken cancellationToken);

    /// <summary>Keeps a new one; its id in the argument is ignored.</summary>
    /// <returns>It with its id.</returns>
    Task<T> AddAsync(T item, CancellationToken cancellationToken);

    /// <summary>Replaces the one with the same id; false when there is none.</summary>
    Task<bool> UpdateAsync(T item, CancellationToken cancellationToken);

    /// <summary>Removes one; false when there was none.</summary>
    Task<bool> RemoveAsync(int id, CancellationToken cancellationToken);
}
