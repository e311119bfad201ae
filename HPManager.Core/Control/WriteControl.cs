using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.Control;

/// <summary>
/// The one door for writes: checks, sends once, reads back, and logs every attempt, refused ones too. Thread-safe.
/// </summary>
public sealed class WriteControl(IEndpointDoor door, LiveValues live, HeldWrites held, TimeProvider time, ILogger<WriteControl> logger)
{
    private readonly WriteLedger _ledger = new(time);

    /// <summary>
    /// Writes a value. Takes as long as the model may need until a value reads back, some seconds as a rule. Cancelling ends the waiting, not the write.
    /// </summary>
    public async Task<WriteOutcome> WriteAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        var outcome = await DecideAsync(request, cancellationToken);
        ControlLog.Attempt(logger, request.HeatPumpId, request.Sensor, request.Value, request.RequestedBy, outcome.Status, outcome.Message);
        return outcome;
    }

    private async Task<WriteOutcome> DecideAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        if (live.Get(request.HeatPumpId) is not { } state) return Rejected("heatPumpId", $"There is no heat pump {request.HeatPumpId}.");
        if (!state.Sensors.TryGet(request.Sensor, out var sensor))
            return Rejected("sensor", $"{state.HeatPump.Name} has no sensor {request.Sensor}.");
        if (!sensor.IsWritable) return Rejected("sensor", $"{sensor.Label} can only be read.");
        sensor = sensor.Within(state.Snapshot);
        if (!WriteValue.TryParse(sensor, request.Value, out var value, out var error)) return Rejected("value", $"{sensor.Label} {error}.");
        if (state.Connection == ConnectionState.Disabled) return Rejected("heatPumpId", $"{state.HeatPump.Name} is switched off in HPManager.");
        if (!_ledger.TryBegin(request.HeatPumpId, request.Sensor)) return Rejected("sensor", $"Another write to {sensor.Label} is under way.");
        try
        {
            var outcome = Spare(state, sensor, value) ?? await SendAsync(state, sensor, value, cancellationToken);
            if (outcome.Status is WriteStatus.Confirmed or WriteStatus.Sent) held.NoteSent(state.HeatPump.Id, sensor, value, request.RequestedBy);
            return outcome;
        }
        finally
        {
            _ledger.End(request.HeatPumpId, request.Sensor);
        }
    }

    // Nothing is sent that is there already or that would wear the device's memory.
    private WriteOutcome? Spare(HeatPumpState state, SensorDefinition sensor, double value)
    {
        if (sensor.WriteClass is not (WriteClass.Eeprom or WriteClass.Setting)) return null;
        if (state.Snapshot?[sensor.Key] is { IsGood: true } newest && AreEqual(sensor, newest.Value, value))
            return new WriteOutcome(WriteStatus.Unchanged, null, null, newest, $"{sensor.Label} is {Words(sensor, value)} already; nothing was sent.");
        if (sensor.WriteClass != WriteClass.Eeprom) return null;
        var wait = _ledger.WaitFor(state.HeatPump.Id, sensor.Key, state.Model.WriteRules.MinEepromInterval);
        return wait <= TimeSpan.Zero
            ? null
            : Rejected(
                "value",
                $"{sensor.Label} is kept in a memory of limited write cycles and was written a moment ago; try again in {Math.Ceiling(wait.TotalSeconds):0} s.");
    }

    private async Task<WriteOutcome> SendAsync(HeatPumpState state, SensorDefinition sensor, double value, CancellationToken cancellationToken)
    {
        var id = state.HeatPump.Id;
        var word = sensor.Codes?.WordFor((int)value);
        _ledger.NoteSent(id, sensor.Key);
        if (await door.WriteAsync(id, sensor.Key, value, CancellationToken.None) is { } failure)
        {
            return failure.Cause switch
            {
                FailureCause.Refused => new WriteOutcome(WriteStatus.Refused, value, word, null, Sentence(failure)),
                FailureCause.Misconfigured => Rejected("heatPumpId", Sentence(failure)),
                _ => new WriteOutcome(WriteStatus.Unknown, value, word, null, Sentence(failure)),
            };
        }

        if (!sensor.IsReadable)
            return new WriteOutcome(WriteStatus.Sent, value, word, null, $"{sensor.Label} was sent and accepted; it cannot be read back.");
        var outcome = await ReadBackAsync(state, sensor, value, word, cancellationToken);
        door.PollSoon(id);
        return outcome;
    }

    private async Task<WriteOutcome> ReadBackAsync(
        HeatPumpState state, SensorDefinition sensor, double value, string? word, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + state.Model.WriteRules.ReadBackWithin;
        for (var pause = state.Model.WriteRules.FirstReadBack; ; pause *= 2)
        {
            var left = deadline - time.GetUtcNow();
            var isLast = left <= pause;
            await Task.Delay(isLast && left > TimeSpan.Zero ? left : pause, time, cancellationToken);
            var (reading, failure) = await door.ReadAsync(state.HeatPump.Id, sensor.Key, cancellationToken);
            if (failure is null && reading.IsGood && AreEqual(sensor, reading.Value, value))
                return new WriteOutcome(WriteStatus.Confirmed, value, word, reading, $"{sensor.Label} is now {Words(sensor, value)}.");
            if (!isLast) continue;
            return failure is not null
                ? new WriteOutcome(WriteStatus.Unknown, value, word, null, $"Sent and accepted, but it could not be read back. {Sentence(failure)}")
                : new WriteOutcome(WriteStatus.Reverted, value, word, reading, Reverted(sensor, value, reading));
        }
    }

    private static string Reverted(SensorDefinition sensor, double value, Reading reading) => reading.Value is { } kept
        ? $"The heat pump took {Words(sensor, value)} but shows {Words(sensor, kept)}: it kept its own value."
        : $"The heat pump took {Words(sensor, value)} but shows no value: {reading.Reason}.";

    // A single-precision register gives back seven digits; values on a step differ by a step or not at all.
    private static bool AreEqual(SensorDefinition sensor, double? one, double other) =>
        one is { } value && Math.Abs(value - other) <= (sensor.Range.Step is { } step ? step / 2 : Math.Max(1e-6 * Math.Abs(other), 1e-6));

    private static string Words(SensorDefinition sensor, double value) =>
        sensor.Codes?.WordFor((int)value)
        ?? FormattableString.Invariant($"{value:0.######}{(sensor.Unit == Unit.None ? "" : " " + sensor.Unit.Symbol)}");

    private static string Sentence(Failure failure) => failure.Hint is null ? failure.Message : $"{failure.Message} {failure.Hint}";

    private static WriteOutcome Rejected(string field, string message) => new(WriteStatus.Rejected, null, null, null, message, field);
}
