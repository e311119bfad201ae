using HPManager.Core.History;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.HeatPumps;

/// <summary>The result of adding or changing a heat pump.</summary>
/// <param name="HeatPump">As it was kept, with its id and all defaults; null when it was not.</param>
/// <param name="Errors">Every field at fault; empty when it was kept, or when there is no heat pump of that id.</param>
public sealed record Saved(HeatPump? HeatPump, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Whether it was kept.</summary>
    public bool IsSaved => HeatPump is not null;

    /// <summary>Whether the heat pump to change does not exist.</summary>
    public bool IsNotFound => HeatPump is null && Errors.Count == 0;
}

/// <summary>
/// The one way to configure heat pumps, for browser and REST alike: checks, keeps, and puts into effect. Thread-safe; changes are made one
/// after the other, so that two cannot take one name or one endpoint.
/// </summary>
public sealed partial class HeatPumpDirectory(
    IHeatPumpStore store, ManufacturerRegistry registry, HeatpumpManager manager, ITimeSeriesStore history, ILogger<HeatPumpDirectory> logger)
    : IDisposable
{
    private static readonly HeatPumpValidator Validator = new();
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>Adds a heat pump; its id is given.</summary>
    public Task<Saved> AddAsync(HeatPump candidate, CancellationToken cancellationToken) =>
        AddWithIdAsync(candidate with { Id = default }, cancellationToken);

    /// <summary>Adds a heat pump under the id that it had elsewhere; one that is taken is an error of the field <c>id</c>.</summary>
    public async Task<Saved> AddWithIdAsync(HeatPump candidate, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (candidate.Id != default && await store.FindAsync(candidate.Id, cancellationToken) is { } taken)
                return new Saved(null, [new FieldError("id", $"{taken.Name} has the id {taken.Id} already.")]);
            var errors = await CheckAsync(candidate, cancellationToken);
            if (errors.Count > 0) return new Saved(null, errors);
            var added = await store.AddAsync(Complete(candidate), cancellationToken);
            await manager.ApplyAsync(added, CancellationToken.None);
            Log.Added(logger, added.Id, added.Manufacturer, added.Model);
            return new Saved(added, []);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Changes a heat pump. Secrets that are left out stay as they are, as long as they go to the same endpoint.</summary>
    public async Task<Saved> UpdateAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (await store.FindAsync(heatPump.Id, cancellationToken) is not { } known) return new Saved(null, []);
            if (registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var model)) heatPump = model.WithSecretsOf(heatPump, known);
            var errors = await CheckAsync(heatPump, cancellationToken);
            if (errors.Count > 0) return new Saved(null, errors);
            var changed = Complete(heatPump);
            if (!await store.UpdateAsync(changed, cancellationToken)) return new Saved(null, []);
            await manager.ApplyAsync(changed, CancellationToken.None);
            Log.Changed(logger, changed.Id);
            return new Saved(changed, []);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a heat pump with its dashboards, alerts, jobs and history; false when there was none.</summary>
    public async Task<bool> RemoveAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (!await store.RemoveAsync(id, cancellationToken)) return false;
            await manager.RemoveAsync(id, CancellationToken.None);
            await DeleteHistoryAsync(id);
            Log.Removed(logger, id);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Every field at fault, without keeping anything. A heat pump without an id is checked as a new one.</summary>
    public async Task<IReadOnlyList<FieldError>> CheckAsync(HeatPump candidate, CancellationToken cancellationToken)
    {
        var errors = Validator.Validate(candidate).Errors.ConvertAll(error => new FieldError(error.PropertyName, error.ErrorMessage));
        errors.AddRange(CheckConnection(candidate));
        if (errors.Count > 0) return errors;

        var others = (await store.ListAsync(cancellationToken)).Where(other => other.Id != candidate.Id).ToList();
        var complete = Complete(candidate);
        if (others.Find(other => string.Equals(other.Name.Trim(), complete.Name, StringComparison.OrdinalIgnoreCase)) is { } namesake)
            errors.Add(new FieldError("name", $"{namesake.Id} has this name already; names must differ."));
        if (others.Find(other => IsSamePlace(other, complete)) is { } twin)
            errors.Add(new FieldError("connection", $"{twin.Name} ({twin.Id}) is at this address already; address and unit id together must differ."));
        foreach (var other in others.Where(other => other.Enabled && complete.Enabled))
        {
            // Those that are switched off do not count, so that what several share can be changed one after the other.
            if (ConflictOf(complete, other) is not { } conflict) continue;
            errors.Add(new FieldError("connection", $"{other.Name} ({other.Id}) {conflict}. To change them on all, switch the others off first."));
            break;
        }

        return errors;
    }

    /// <summary>The faults in model, connection and options alone: all that a connection test needs.</summary>
    public IReadOnlyList<FieldError> CheckConnection(HeatPump candidate)
    {
        var manufacturer = registry.All.FirstOrDefault(known => known.Key == candidate.Manufacturer);
        if (manufacturer is null)
            return [new FieldError("manufacturer", $"Unknown; known are: {string.Join(", ", registry.All.Select(known => known.Key))}.")];
        if (!registry.TryGetModel(candidate.Manufacturer, candidate.Model, out var model))
            return [new FieldError("model", $"Unknown; {manufacturer.Name} has: {string.Join(", ", manufacturer.Models.Select(known => known.Key))}.")];
        if (model.Connections.FirstOrDefault(offered => offered.Kind == candidate.Connection.Kind) is not { } kind)
            return [new FieldError("connection.kind", $"Must be one of: {string.Join(", ", model.Connections.Select(offered => offered.Kind))}.")];
        return [.. kind.Parameters.Check(candidate.Connection.Settings, "connection"), .. model.Options.Check(candidate.Options, "options")];
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();

    private HeatPump Complete(HeatPump heatPump) =>
        registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var model) ? model.Complete(heatPump) : heatPump;

    private string? ConflictOf(HeatPump candidate, HeatPump other) =>
        registry.TryGetModel(candidate.Manufacturer, candidate.Model, out var model)
        && registry.TryGetModel(other.Manufacturer, other.Model, out var otherModel)
        && model.Driver == otherModel.Driver
            ? model.Driver.ConflictOf(candidate.Connection, other.Connection)
            : null;

    private bool IsSamePlace(HeatPump one, HeatPump other)
    {
        if (!registry.TryGetModel(one.Manufacturer, one.Model, out var oneModel)
            || !registry.TryGetModel(other.Manufacturer, other.Model, out var otherModel))
        {
            return false;
        }

        return oneModel.Driver.EndpointOf(one.Connection) == otherModel.Driver.EndpointOf(other.Connection)
            && oneModel.Driver.PartOf(one.Connection) == otherModel.Driver.PartOf(other.Connection);
    }

    private async Task DeleteHistoryAsync(HeatPumpId id)
    {
        try
        {
            await history.DeleteAsync(id, CancellationToken.None);
        }
        catch (IOException fault)
        {
            // The id is never given again, so what stays behind is wasted space and not somebody else's history.
            Log.HistoryKept(logger, id, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "Added {HeatPump}: {Manufacturer} {Model}")]
        public static partial void Added(ILogger logger, HeatPumpId heatPump, string manufacturer, string model);

        [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Changed {HeatPump}")]
        public static partial void Changed(ILogger logger, HeatPumpId heatPump);

        [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Removed {HeatPump} with its history")]
        public static partial void Removed(ILogger logger, HeatPumpId heatPump);

        [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "The history of the removed {HeatPump} could not be deleted")]
        public static partial void HistoryKept(ILogger logger, HeatPumpId heatPump, Exception exception);
    }
}
