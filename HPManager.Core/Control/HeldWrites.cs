using System.Collections.Concurrent;
using System.Text.Json;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Control;

/// <summary>
/// Repeats the values that a heat pump would forget (<see cref="SensorDefinition.RefreshEvery"/>), until another value is written, the owner releases
/// them, or the heat pump is removed; over a restart of the program too. While a heat pump is away nothing is sent, and the first thing after it is
/// back is the value, because what was sent in a break of the line is lost. Thread-safe.
/// </summary>
public sealed partial class HeldWrites(
    IEndpointDoor door, LiveValues live, IDeviceMemory memory, TimeProvider time, ILogger<HeldWrites> logger) : BackgroundService
{
    private const string Topic = "held";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(HeatPumpId, SensorKey), HeldValue> _held = new();
    private readonly ConcurrentDictionary<HeatPumpId, bool> _recalled = new();

    /// <summary>The value that is held for a sensor; null for none.</summary>
    public HeldValue? Of(HeatPumpId heatPump, SensorKey sensor) => _held.GetValueOrDefault((heatPump, sensor));

    /// <summary>Stops repeating a value; the heat pump keeps or forgets it as it likes.</summary>
    /// <returns>false when nothing was held.</returns>
    public bool Release(HeatPumpId heatPump, SensorKey sensor)
    {
        if (!_held.TryRemove((heatPump, sensor), out _)) return false;
        Keep(heatPump);
        Log.Released(logger, heatPump, sensor);
        return true;
    }

    /// <summary>Takes note of a value that has just been sent: holds it where it needs to be, in the place of an earlier one.</summary>
    internal void NoteSent(HeatPumpId heatPump, SensorDefinition sensor, double value, string requestedBy)
    {
        if (sensor.RefreshEvery is null) return;

        // Code 0 is the state of rest (off, free running): there is nothing to keep in force.
        var isRest = sensor.Kind is ValueKind.Code or ValueKind.Switch && value is 0;
        var now = time.GetUtcNow();
        if (isRest) _held.TryRemove((heatPump, sensor.Key), out _);
        else _held[(heatPump, sensor.Key)] = new HeldValue(heatPump, sensor.Key, value, now, requestedBy, now);
        Keep(heatPump);
    }

    /// <summary>Looks every few seconds for what is due.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                await RepeatDueAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends; what is held is kept and goes on with its next start.
        }
    }

    private async Task RepeatDueAsync(CancellationToken cancellationToken)
    {
        foreach (var state in live.All)
        {
            if (_recalled.TryAdd(state.HeatPump.Id, true)) Recall(state.HeatPump.Id);
        }

        foreach (var (key, held) in _held)
        {
            if (live.Get(held.HeatPumpId) is not { } state)
            {
                _held.TryRemove(key, out _);
                _recalled.TryRemove(held.HeatPumpId, out _);
                continue;
            }

            if (state.Connection != ConnectionState.Online || !state.Sensors.TryGet(held.Sensor, out var sensor)) continue;
            var isBack = state.Since > held.LastSent;
            if (sensor.RefreshEvery is not { } every || (!isBack && time.GetUtcNow() - held.LastSent < every)) continue;
            var failure = await door.WriteAsync(held.HeatPumpId, held.Sensor, held.Value, cancellationToken);
            Log.Repeated(logger, held.HeatPumpId, held.Sensor, held.Value, failure?.Message ?? "taken");
            _held.TryUpdate(key, held with { LastSent = time.GetUtcNow(), Error = failure?.Message }, held);
        }
    }

    private void Recall(HeatPumpId heatPump)
    {
        if (memory.Recall(heatPump, Topic) is not { } json) return;
        try
        {
            foreach (var kept in JsonSerializer.Deserialize<Kept[]>(json, JsonSerializerOptions.Web) ?? [])
            {
                if (!SensorKey.TryParse(kept.Sensor, out var sensor)) continue;
                _held.TryAdd((heatPump, sensor), new HeldValue(heatPump, sensor, kept.Value, kept.Since, kept.RequestedBy, DateTimeOffset.MinValue));
                Log.Recalled(logger, heatPump, sensor, kept.Value);
            }
        }
        catch (JsonException damaged)
        {
            Log.NotRecalled(logger, heatPump, damaged);
        }
    }

    private void Keep(HeatPumpId heatPump) => memory.Keep(heatPump, Topic, JsonSerializer.Serialize(
        _held.Values.Where(held => held.HeatPumpId == heatPump).Select(held => new Kept(held.Sensor.Value, held.Value, held.Since, held.RequestedBy)),
        JsonSerializerOptions.Web));

    private sealed record Kept(string Sensor, double Value, DateTimeOffset Since, string RequestedBy);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2200, Level = LogLevel.Information, Message = "{HeatPump} {Sensor}: {Value} sent again, {Outcome}")]
        public static partial void Repeated(ILogger logger, HeatPumpId heatPump, SensorKey sensor, double value, string outcome);

        [LoggerMessage(EventId = 2201, Level = LogLevel.Information, Message = "{HeatPump} {Sensor} is no longer held")]
        public static partial void Released(ILogger logger, HeatPumpId heatPump, SensorKey sensor);

        [LoggerMessage(EventId = 2202, Level = LogLevel.Information, Message = "{HeatPump} {Sensor} goes on being held at {Value}")]
        public static partial void Recalled(ILogger logger, HeatPumpId heatPump, SensorKey sensor, double value);

        [LoggerMessage(EventId = 2203, Level = LogLevel.Warning, Message = "What was held for {HeatPump} cannot be read and is forgotten")]
        public static partial void NotRecalled(ILogger logger, HeatPumpId heatPump, Exception exception);
    }
}
