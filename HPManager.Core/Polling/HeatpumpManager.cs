using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Polling;

/// <summary>
/// Runs one loop per endpoint, all in parallel, and moves heat pumps between them when their configuration changes. Thread-safe; changes are
/// made one after the other and take effect at once, without touching the other heat pumps.
/// </summary>
public sealed class HeatpumpManager : IHostedService, IEndpointDoor, IAsyncDisposable
{
    private readonly IHeatPumpStore _store;
    private readonly ManufacturerRegistry _registry;
    private readonly PollingContext _context;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointKey, EndpointLoop> _loops = [];
    private readonly Dictionary<HeatPumpId, EndpointKey> _placed = [];
    private int _disposed;

    /// <summary>Creates the manager; nothing is polled before it is started.</summary>
    public HeatpumpManager(
        IHeatPumpStore store,
        ManufacturerRegistry registry,
        LiveValues live,
        IEnumerable<ISnapshotObserver> observers,
        IDeviceMemory memory,
        TimeProvider time,
        ILogger<HeatpumpManager> logger)
    {
        _store = store;
        _registry = registry;
        _context = new PollingContext(time, live, [.. observers], memory, new PollingMetrics(), new Stagger(), Random.Shared.NextDouble, logger);
    }

    /// <summary>Whether all configured heat pumps have been handed to their loops.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Starts polling every configured heat pump.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var heatPumps = await _store.ListAsync(cancellationToken);
        foreach (var heatPump in heatPumps) await ApplyAsync(heatPump, cancellationToken);
        IsStarted = true;
        PollingLog.Started(_context.Logger, heatPumps.Count);
    }

    /// <summary>Ends all loops and closes their connections.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            EndpointLoop[] loops;
            lock (_gate)
            {
                loops = [.. _loops.Values];
                _loops.Clear();
                _placed.Clear();
            }

            await Task.WhenAll(loops.Select(loop => loop.DisposeAsync().AsTask()));
            IsStarted = false;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container knows it under several names and disposes it once for each.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await StopAsync(CancellationToken.None);
        _context.Metrics.Dispose();
        _changing.Dispose();
    }

    /// <summary>Makes a new or changed configuration take effect.</summary>
    public async Task ApplyAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await DetachAsync(heatPump.Id, cancellationToken);
            await AttachAsync(heatPump, cancellationToken);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Loads all models anew and starts again each heat pump whose model has changed, appeared or gone; the others are not touched.</summary>
    /// <exception cref="ArgumentException">Two models share manufacturer and key; everything stays as it was.</exception>
    public async Task ReloadModelsAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            _registry.Reload();
            foreach (var heatPump in await _store.ListAsync(cancellationToken))
            {
                var model = _registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var found) ? found : null;
                var running = _context.Live.Get(heatPump.Id)?.Model;
                if (ReferenceEquals(model, running) || (model is null && running?.Driver is UnknownModel)) continue;
                await DetachAsync(heatPump.Id, cancellationToken);
                await AttachAsync(heatPump, cancellationToken);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops polling a heat pump and forgets its newest values.</summary>
    public async Task RemoveAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await DetachAsync(id, cancellationToken);
            _context.Live.Remove(id);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<Failure?> WriteAsync(HeatPumpId heatPump, SensorKey sensor, double value, CancellationToken cancellationToken) =>
        LoopOf(heatPump) is { } loop
            ? await loop.WithDeviceAsync(heatPump, (session, stop) => session.WriteAsync(sensor, value, stop), NotPolled, cancellationToken)
            : NotPolled;

    /// <inheritdoc/>
    public async Task<ReadResult> ReadAsync(HeatPumpId heatPump, SensorKey sensor, CancellationToken cancellationToken)
    {
        var gone = new ReadResult(default, NotPolled);
        return LoopOf(heatPump) is { } loop
            ? await loop.WithDeviceAsync(
                heatPump, (session, stop) => session.ReadAsync(sensor, _context.Time.GetUtcNow(), stop), gone, cancellationToken)
            : gone;
    }

    /// <inheritdoc/>
    public void PollSoon(HeatPumpId heatPump) => LoopOf(heatPump)?.PollSoon(heatPump);

    /// <summary>
    /// Polls a heat pump once that need not be configured. Through the loop of its endpoint when there is one, because many devices allow one
    /// connection only; through a session of its own when not.
    /// </summary>
    internal async Task<PollResult> TryAsync(HeatPump candidate, HeatPumpModel model, CancellationToken cancellationToken)
    {
        EndpointLoop? loop;
        lock (_gate) _loops.TryGetValue(model.Driver.EndpointOf(candidate.Connection), out loop);
        if (loop is not null) return await loop.TryAsync(candidate, model, cancellationToken);
        await using var session = model.Driver.Open(candidate.Connection);
        await using var device = session.Attach(candidate, model, ForgetfulMemory.Instance);
        return await device.PollAsync(_context.Time.GetUtcNow(), cancellationToken);
    }

    /// <summary>
    /// Looks closer at why <see cref="TryAsync"/> failed. Only where no configured heat pump uses the endpoint: its polls would have to wait, and what is
    /// behind it would be asked for nothing.
    /// </summary>
    internal async Task<Failure> DiagnoseAsync(HeatPump candidate, HeatPumpModel model, Failure failure, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_loops.ContainsKey(model.Driver.EndpointOf(candidate.Connection))) return failure;
        }

        await using var session = model.Driver.Open(candidate.Connection);
        await using var device = session.Attach(candidate, model, ForgetfulMemory.Instance);
        return await device.DiagnoseAsync(failure, cancellationToken);
    }

    private static Failure NotPolled { get; } =
        new(FailureCause.Misconfigured, "The heat pump is not polled now.", "It is switched off, being changed, or was removed.");

    private async Task AttachAsync(HeatPump heatPump, CancellationToken cancellationToken)
    {
        if (!_registry.TryGetModel(heatPump.Manufacturer, heatPump.Model, out var model))
        {
            var reason = $"The model {heatPump.Manufacturer}/{heatPump.Model} is not known.";
            PollingLog.CannotStart(_context.Logger, heatPump.Id, reason);
            var failure = new Failure(FailureCause.Misconfigured, reason, "Choose another model, or bring its profile back.");
            _context.Live.Set(Resting(heatPump, UnknownModel.For(heatPump), ConnectionState.Offline, failure));
            return;
        }

        if (!heatPump.Enabled)
        {
            _context.Live.Set(Resting(heatPump, model, ConnectionState.Disabled, null));
            return;
        }

        var endpoint = model.Driver.EndpointOf(heatPump.Connection);
        await LoopFor(heatPump.Id, endpoint).AttachAsync(heatPump, model, cancellationToken);
    }

    private async Task DetachAsync(HeatPumpId id, CancellationToken cancellationToken)
    {
        EndpointLoop? loop;
        EndpointKey endpoint;
        lock (_gate)
        {
            if (!_placed.Remove(id, out endpoint)) return;
            loop = _loops[endpoint];
        }

        await loop.DetachAsync(id, cancellationToken);
        if (loop.DeviceCount > 0) return;
        lock (_gate) _loops.Remove(endpoint);
        await loop.DisposeAsync();
    }

    private EndpointLoop LoopFor(HeatPumpId id, EndpointKey endpoint)
    {
        lock (_gate)
        {
            if (!_loops.TryGetValue(endpoint, out var loop)) _loops[endpoint] = loop = new EndpointLoop(endpoint, _context);
            _placed[id] = endpoint;
            return loop;
        }
    }

    private EndpointLoop? LoopOf(HeatPumpId id)
    {
        lock (_gate) return _placed.TryGetValue(id, out var endpoint) ? _loops[endpoint] : null;
    }

    private HeatPumpState Resting(HeatPump heatPump, HeatPumpModel model, ConnectionState state, Failure? failure) => new()
    {
        HeatPump = heatPump,
        Model = model,
        Connection = state,
        Since = _context.Time.GetUtcNow(),
        LastError = failure,
    };
}
