using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Derived;
using HPManager.Drivers.Luxtronik.Tables;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>
/// Reads and writes one controller. Every poll reads all blocks over a connection of its own, a second time when the first one fails; a write goes out
/// once, after all has been read and the rules allow it.
/// </summary>
internal sealed class LuxtronikDeviceSession : IDeviceSession
{
    private const string Topic = "luxtronik";
    private const int Attempts = 2;

    // Calculations that tell something on firmware whose status lines work.
    private static readonly int[] StatusLines = [117, 118, 119, 120];
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWhenBusy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterWrite = TimeSpan.FromSeconds(1);

    private readonly LuxtronikEndpoint _endpoint;
    private readonly HeatPump _heatPump;
    private readonly LuxtronikModel _model;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LuxtronikClient _client;
    private readonly PresenceTracker _presence;
    private readonly CounterGuard _counters;
    private readonly WriteBudget _budget;
    private readonly LuxtronikFailures _failures;
    private LuxtronikFindings _findings;
    private long? _lastWrite;

    public LuxtronikDeviceSession(
        LuxtronikEndpoint endpoint, LuxtronikClient client, HeatPump heatPump, LuxtronikModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _heatPump = heatPump;
        _model = model;
        _memory = memory;
        _time = time;
        _logger = logger;
        _failures = new LuxtronikFailures(model, endpoint);
        _findings = LuxtronikFindings.Parse(memory.Recall(heatPump.Id, Topic));
        _client = client;
        _client.Suggest(_findings.Port);
        _presence = new PresenceTracker(model.Tables.Entries, _findings.Moved);
        _counters = new CounterGuard(model.Tables.Sensors);
        _budget = new WriteBudget(heatPump.Id, memory, time);
    }

    public SensorSet Sensors => _model.Tables.Sensors;

    private FirmwareVersion Firmware => FirmwareVersion.Parse(_findings.Firmware);

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (blocks, failure) = await ReadBlocksAsync(cancellationToken);
        if (blocks is null) return new PollResult(null, failure);
        var readings = ReadingsOf(blocks, at);
        for (var position = 0; position < readings.Length; position++) readings[position] = _counters.Judge(position, readings[position]);
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, readings), null);
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var position = PositionOf(sensor);
        if (_findings.Firmware.Length == 0 || EntryAt(position) is not { Block: LuxtronikBlock.Parameters } entry)
        {
            var (blocks, failure) = await ReadBlocksAsync(cancellationToken);
            return blocks is null ? new ReadResult(default, failure) : new ReadResult(ReadingsOf(blocks, at)[position], null);
        }

        await PauseAsync(cancellationToken);
        var (result, parameters) = await _client.ReadParametersAsync(cancellationToken);
        if (parameters is null) return new ReadResult(default, _failures.Of(result));
        return entry.Index < parameters.Length
            ? new ReadResult(EntryDecoder.Decode(entry, parameters[entry.Index], IsOldSeries(Firmware), at), null)
            : new ReadResult(default, LuxtronikFailures.ShortBlock($"{parameters.Length} parameters instead of {_findings.Parameters}"));
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        var position = PositionOf(sensor);
        if (EntryAt(position) is not { Sensor.IsWritable: true } entry) throw new ArgumentException($"{sensor} is not written", nameof(sensor));
        var (blocks, failure) = await ReadBlocksAsync(cancellationToken);
        if (blocks is null) return failure! with { Message = $"{failure!.Message} Nothing was sent." };
        var plan = LuxtronikWrites.Plan(
            entry,
            value,
            blocks,
            Firmware,
            _presence.AbsenceOf(position, blocks),
            _budget.UsedToday,
            _heatPump.Options.Flag(LuxtronikConnections.AllowWritesOn90));
        if (plan.Refusal is { } refusal) return refusal;
        foreach (var write in plan.Writes)
        {
            if (await SendAsync(write, cancellationToken) is { } notSent) return notSent;
        }

        return null;
    }

    private async ValueTask<Failure?> SendAsync(ParameterWrite write, CancellationToken cancellationToken)
    {
        _budget.Note();
        Log.Writing(_logger, _heatPump.Id, write.Index, _budget.UsedToday, WriteBudget.PerDay);
        try
        {
            var result = await _client.WriteParameterAsync(write.Index, write.Raw, cancellationToken);
            return result.IsSuccess ? null : _failures.OfWrite(result);
        }
        finally
        {
            _lastWrite = _time.GetTimestamp();
        }
    }

    private int PositionOf(SensorKey sensor) =>
        Sensors.PositionOf(sensor) is >= 0 and var position ? position : throw new ArgumentException($"{_heatPump.Id} has no sensor {sensor}", nameof(sensor));

    private LuxtronikEntry? EntryAt(int position) => position < _model.Tables.Entries.Count ? _model.Tables.Entries[position] : null;

    private bool IsOldSeries(FirmwareVersion firmware) => (firmware.Series ?? _model.Series) < 3;

    private Reading[] ReadingsOf(LuxtronikBlocks blocks, DateTimeOffset at)
    {
        var firmware = Firmware;
        var isOld = IsOldSeries(firmware);
        var entries = _model.Tables.Entries;
        var readings = new Reading[Sensors.Count];
        for (var position = 0; position < entries.Count; position++)
        {
            var entry = entries[position];
            readings[position] = _presence.AbsenceOf(position, blocks) is { } absence
                ? Reading.Missing(at, absence)
                : EntryDecoder.Decode(entry, blocks.Raw(entry.Block, entry.Index)!.Value, isOld, at);
        }

        var facts = new PollFacts(blocks, firmware, isOld, at, _time.GetUtcNow(), _findings.TellsStatus, _budget.UsedToday);
        for (var i = 0; i < _model.Tables.Derived.Count; i++) readings[entries.Count + i] = _model.Tables.Derived[i].Read(facts);
        return readings;
    }

    // The second attempt shares the time of one cycle with the first one.
    private async ValueTask<(LuxtronikBlocks? Blocks, Failure? Failure)> ReadBlocksAsync(CancellationToken cancellationToken)
    {
        await PauseAsync(cancellationToken);
        var started = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (result, blocks) = await _client.ReadAllAsync(_endpoint.CycleTimeout - _time.GetElapsedTime(started), cancellationToken);
            var failure = blocks is null ? _failures.Of(result) : Doubt(blocks);
            if (failure is null && blocks is not null)
            {
                if (OtherSeries(blocks) is { } other) return (null, other);
                Learn(blocks);
                return (blocks, null);
            }

            var pause = result.Fault == LuxtronikFault.Busy ? PauseWhenBusy : PauseAfterFailure;
            var isTimeLeft = _time.GetElapsedTime(started) + pause < _endpoint.CycleTimeout;
            if (attempt == Attempts || result.IsBeforeSending || !isTimeLeft) return (null, failure);
            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    // A controller is given a moment after a write, or it shows the value from before.
    private async ValueTask PauseAsync(CancellationToken cancellationToken)
    {
        if (_lastWrite is not { } last) return;
        var left = PauseAfterWrite - _time.GetElapsedTime(last);
        if (left > TimeSpan.Zero) await Task.Delay(left, _time, cancellationToken);
    }

    private Failure? Doubt(LuxtronikBlocks blocks)
    {
        if (blocks.Calculations.Length < FirmwareVersion.NeededCalculations)
            return LuxtronikFailures.ShortBlock($"{blocks.Calculations.Length} calculations do not even hold the firmware's name");
        var firmware = FirmwareVersion.Of(blocks.Calculations).Text;
        if (firmware.Length == 0 || firmware != _findings.Firmware) return null;
        var isShorter = blocks.Parameters.Length < _findings.Parameters || blocks.Calculations.Length < _findings.Calculations
            || blocks.Visibilities.Length < _findings.Visibilities;
        return isShorter ? LuxtronikFailures.ShortBlock("a block is shorter than it was before on the same firmware") : null;
    }

    // An update never changes the series: 1 and 2 are Luxtronik 2.0, 3 is 2.1. Of others nothing is known, and the model configured is believed.
    private Failure? OtherSeries(LuxtronikBlocks blocks)
    {
        var firmware = FirmwareVersion.Of(blocks.Calculations);
        return firmware.Series is 1 or 2 or 3 && (firmware.Series < 3) != (_model.Series < 3) ? _failures.OtherSeries(firmware) : null;
    }

    private void Learn(LuxtronikBlocks blocks)
    {
        var firmware = FirmwareVersion.Of(blocks.Calculations).Text;
        var tellsStatus = _findings.TellsStatus || Array.Exists(StatusLines, index => blocks.Raw(LuxtronikBlock.Calculations, index) is not (null or 0));
        var learnt = _findings with
        {
            Port = _client.WorkingPort,
            Firmware = firmware,
            Parameters = blocks.Parameters.Length,
            Calculations = blocks.Calculations.Length,
            Visibilities = blocks.Visibilities.Length,
            TellsStatus = tellsStatus,
            Moved = _presence.Note(blocks) ? _presence.Moved : _findings.Moved,
        };
        if (learnt == _findings) return;
        if (firmware != _findings.Firmware)
            Log.Found(_logger, _heatPump.Id, firmware, blocks.Parameters.Length, blocks.Calculations.Length, blocks.Visibilities.Length);
        _findings = learnt;
        _memory.Keep(_heatPump.Id, Topic, learnt.ToJson());
    }
}
