namespace HPManager.Core.HeatPumps;

/// <summary>Where the configured heat pumps are kept. Thread-safe.</summary>
public interface IHeatPumpStore
{
    /// <summary>All heat pumps by id.</summary>
    Task<IReadOnlyList<HeatPump>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One heat pump; null when there is none.</summary>
    Task<HeatPump?> FindAsync(HeatPumpId id, CancellationToken cancellationToken);

    /// <summary>Keeps a new heat pump under its id, which must be free, or under the next free <c>hp-nnn</c> when it has none.</summary>
    /// <returns>The heat pump with its id.</returns>
    Task<HeatPump> AddAsync(HeatPump heatPump, CancellationToken cancellationToken);

    /// <summary>Replaces a heat pump; false when there is none.</summary>
    Task<bool> UpdateAsync(HeatPump heatPump, CancellationToken cancellationToken);

    /// <summary>Removes a heat pump with its dashboards, alerts and jobs; false when there was none.</summary>
    Task<bool> RemoveAsync(HeatPumpId id, CancellationToken cancellationToken);
}
