using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.ReadPlan;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Modbus.Driver;

/// <summary>
/// Reads and writes one unit. A poll follows the read plan; blocks that the device refuses are split, and what is learnt is remembered. A request that
/// fails on the link is repeated once; the second failure ends the poll without a snapshot, so that a snapshot never mixes two states of the link.
/// </summary>
internal sealed class ModbusDeviceSession : IDeviceSession
{
    private const string Topic = "modbus";
    private const int MaxRereads = 8;
    private const int MaxAskedAgain = 4;
    private const int MaxRegisters = 125;
    private const int MaxBits = 2000;

    private readonly ModbusClient _client;
    private readonly HeatPump _heatPump;
    private readonly ModbusModel _model;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly byte _unit;
    private readonly ModbusFailures _failures;
    private readonly IReadOnlyList<ModbusPoint> _points;
    private readonly IReadOnlyList<ICalculatedSensor> _calculated;
    private readonly IReadOnlyList<ModbusPoint> _proof;
    private readonly HashSet<int> _alone = [];
    private readonly Dictionary<int, double?> _settled = [];
    private readonly JumpGuard _jumps;
    private readonly SumHold _sums;
    private readonly ushort[] _words;
    private readonly bool[] _bits;
    private ReadFindings _findings;
    private IReadOnlyList<ReadBlock> _plan;
    private bool _isProven;

    public ModbusDeviceSession(ModbusClient client, HeatPump heatPump, ModbusModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _client = client;
        _heatPump = heatPump;
        _model = model;
        _memory = memory;
        _time = time;
        _logger = logger;
        _failures = new ModbusFailures(model, heatPump.Connection);
        _unit = (byte)(heatPump.Connection.Settings.Integer(ModbusConnections.UnitId) ?? model.Profile.DefaultUnitId);
        _points = model.Profile.Points(model.Key, heatPump.Options);
        _calculated = model.Profile.Calculated(model.Key, heatPump.Options);
        _proof = model.Profile.Proof(model.Key, heatPump.Options);
        _bits = _points.Any(point => !point.Table.IsOfRegisters()) ? new bool[MaxBits] : [];
        _words = new ushort[Math.Max(MaxRegisters, _bits.Length)];
        Sensors = model.Profile.Sensors(model.Key, heatPump.Options);
        _findings = ReadFindings.Parse(memory.Recall(heatPump.Id, Topic));
        _jumps = new JumpGuard(Sensors);
        _sums = new SumHold(_points);
        _plan = Plan();
    }

    public SensorSet Sensors { get; }

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var poll = new Poll(at, EmptyReadings(at), _findings);
        var failure = await ReadAllAsync(poll, cancellationToken);
        if (!poll.IsUnlikeModel) Learn(poll);
        if (failure is not null) return new PollResult(null, failure);
        for (var position = 0; position < _points.Count; position++) poll.Readings[position] = _sums.Take(position, poll.Readings[position]);
        for (var index = 0; index < _calculated.Count; index++) poll.Readings[_points.Count + index] = _calculated[index].Of(poll.Readings, at);
        for (var position = 0; position < poll.Readings.Length; position++) _jumps.Note(position, poll.Readings[position]);
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, poll.Readings), null);
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (CalculatedOf(sensor) is not { } calculated) return await ReadAsync(PointOf(sensor), at, cancellationToken);
        var readings = new Reading[_points.Count];
        foreach (var position in calculated.Needs)
        {
            var (reading, failure) = await ReadAsync(_points[position], at, cancellationToken);
            if (failure is not null) return new ReadResult(default, failure);
            readings[position] = reading;
        }

        return new ReadResult(calculated.Of(readings, at), null);
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        if (CalculatedOf(sensor) is not { } calculated) return await WriteAsync(PointOf(sensor), value, cancellationToken);
        if ((calculated as CalculatedState)?.RuleOf(value) is not { } rule) return new Failure(FailureCause.Refused, "This is no state that can be brought about.");
        for (var index = 0; index < rule.Conditions.Count; index++)
        {
            var (position, code) = rule.Conditions[index];
            if (await WriteAsync(_points[position], code, cancellationToken) is not { } failure) continue;
            return index == 0 ? failure : failure with { Message = $"Only a part of it was taken. {failure.Message}" };
        }

        return null;
    }

    private async ValueTask<ReadResult> ReadAsync(ModbusPoint point, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!point.Sensor.IsReadable) return new ReadResult(WriteOnly(at), null);
        var poll = new Poll(at, [], _findings);
        var result = await ReadAsync(point, poll, cancellationToken);
        return result.IsSuccess ? new ReadResult(Decode(point, at), null) : new ReadResult(default, FailureOf(result, poll));
    }

    private async ValueTask<Failure?> WriteAsync(ModbusPoint point, double value, CancellationToken cancellationToken)
    {
        var words = new ushort[point.Words];
        if (!RegisterEncoder.TryEncode(point, value, words, out var error)) return new Failure(FailureCause.Refused, error ?? "The value cannot be coded.");
        var result = point.Table == ModbusTable.Coil
            ? await _client.WriteCoilAsync(_unit, point.Address, words[0] != 0, cancellationToken)
            : _model.Profile.WritesSingly
                ? await _client.WriteRegisterAsync(_unit, point.Address, words[0], cancellationToken)
                : await _client.WriteRegistersAsync(_unit, point.Address, words, cancellationToken);
        return result.IsSuccess ? null : _failures.OfWrite(result);
    }

    public async ValueTask<Failure> DiagnoseAsync(Failure failure, CancellationToken cancellationToken)
    {
        if (_heatPump.Connection.Kind != ModbusConnections.Tcp) return failure;
        if (failure.Cause is not (FailureCause.NoAnswer or FailureCause.WrongUnit or FailureCause.OtherModel)) return failure;
        var always = _model.Profile.IdentityPoint(_model.Key, _heatPump.Options) ?? (_proof.Count > 0 ? _proof[0] : null)
            ?? _points.FirstOrDefault(point => point is { Optional: false, Sensor.IsReadable: true });
        return always is null ? failure : await new UnitSearch(_client, _failures, _model, always, _unit, _time).ExplainAsync(failure, cancellationToken);
    }

    private ICalculatedSensor? CalculatedOf(SensorKey sensor) =>
        Sensors.PositionOf(sensor) is var position && position >= _points.Count ? _calculated[position - _points.Count] : null;

    private ModbusPoint PointOf(SensorKey sensor) => Sensors.PositionOf(sensor) is >= 0 and var position && position < _points.Count
        ? _points[position]
        : throw new ArgumentException($"{_heatPump.Id} has no register of {sensor}", nameof(sensor));

    private IReadOnlyList<ReadBlock> Plan() => ReadPlanner.Plan(_points, _model.Profile.Blocks, _findings, _alone);

    private Reading[] EmptyReadings(DateTimeOffset at)
    {
        var readings = new Reading[Sensors.Count];
        for (var position = 0; position < _points.Count; position++)
        {
            var point = _points[position];
            readings[position] = point.Sensor.IsReadable ? Absent(_findings.RefusalOf(point), at) : WriteOnly(at);
        }

        return readings;
    }

    private static Reading WriteOnly(DateTimeOffset at) => Reading.Missing(at, "write only");

    private static Reading Absent(ModbusException? code, DateTimeOffset at) => code switch
    {
        null => Reading.Failed(at, "not read"),
        ModbusException.None => Reading.Missing(at, "this heat pump does not have it"),
        ModbusException.IllegalFunction => Reading.Missing(at, "not active on this heat pump (illegal function)"),
        ModbusException.IllegalDataAddress => Reading.Missing(at, "this heat pump does not have it (illegal data address)"),
        _ => Reading.Missing(at, "this heat pump does not have it (illegal data value)"),
    };

    private async ValueTask<Failure?> ReadAllAsync(Poll poll, CancellationToken cancellationToken)
    {
        if (!_isProven && await ProveModelAsync(poll, cancellationToken) is { } otherModel) return otherModel;
        foreach (var block in _plan)
        {
            if (await ReadBlockAsync(block, poll, cancellationToken) is { } failure) return failure;
            if (poll.IsHopeless) break;
        }

        if (poll.IsUnlikeModel) return _failures.OtherModel(poll.Refused, poll.Refused + poll.Answered);
        if (poll is { Answered: 0, LastTemporary: { } busy }) return FailureOf(busy, poll);
        if (await AskAgainAsync(poll, cancellationToken) is { } lost) return lost;
        return await RereadDoubtfulAsync(poll, cancellationToken);
    }

    // Some controllers answer part of another model's registers with values that mean something else. Once a session, one of the points by which
    // the model is known must answer.
    private async ValueTask<Failure?> ProveModelAsync(Poll poll, CancellationToken cancellationToken)
    {
        var refused = 0;
        foreach (var point in _proof)
        {
            var result = await ReadAsync(point, poll, cancellationToken);
            if (result.IsSuccess) break;
            if (!result.IsDeviceException) return FailureOf(result, poll);
            if (ModbusFailures.IsTemporary(result.Exception)) return FailureOf(result, poll);
            refused++;
        }

        if (refused > 0 && refused == _proof.Count) return _failures.WithoutProof(_proof.Select(point => point.Sensor.Label));
        if (_model.Profile.IdentityPoint(_model.Key, _heatPump.Options) is { } identity && await IdentifyAsync(identity, poll, cancellationToken) is { } other)
            return other;
        _isProven = true;
        return null;
    }

    // Some controllers say which model they are, and one map read with the names of another gives values that look right.
    private async ValueTask<Failure?> IdentifyAsync(ModbusPoint identity, Poll poll, CancellationToken cancellationToken)
    {
        var result = await ReadAsync(identity, poll, cancellationToken);
        if (result.IsDeviceException && !ModbusFailures.IsTemporary(result.Exception)) return _failures.Unidentified(identity.Sensor.Label);
        if (!result.IsSuccess) return FailureOf(result, poll);
        if (Decode(identity, poll.At) is not { IsGood: true, Value: { } code }) return _failures.Unidentified(identity.Sensor.Label);
        var known = _model.Profile.IdentifiedBy((int)code);
        if (known.Contains(_model.Key)) return null;
        return _failures.IdentifiedAs(identity.Sensor.Label, (int)code, [.. known.Select(_model.Profile.NameOf)]);
    }

    private async ValueTask<Failure?> ReadBlockAsync(ReadBlock block, Poll poll, CancellationToken cancellationToken)
    {
        var result = await ReadAsync(block.Table, block.Start, block.Count, poll, cancellationToken);
        if (result.IsSuccess)
        {
            Take(block, poll);
            return null;
        }

        if (!result.IsDeviceException) return FailureOf(result, poll);
        if (ModbusFailures.IsTemporary(result.Exception))
        {
            foreach (var position in block.Points) poll.Readings[position] = Reading.Failed(poll.At, result.Detail);
            return poll.CountTemporary(result) ? FailureOf(result, poll) : null;
        }

        if (result.Exception == ModbusException.IllegalDataAddress && _model.Profile.Blocks(block.Table).OptionalRangeOf(block.Start) is { } range)
        {
            Drop(block.Table, range, result.Exception, poll);
            return null;
        }

        if (block.Points.Count > 1) return await SplitAsync(block, poll, cancellationToken);
        var refused = _points[block.Points[0]];
        poll.Findings.NoteAbsent(refused, result.Exception, _time.GetUtcNow());
        poll.Readings[block.Points[0]] = Absent(result.Exception, poll.At);
        poll.CountRefused(refused.Optional);
        return null;
    }

    // A device has such a range as a whole or not at all.
    private void Drop(ModbusTable table, RegisterRange range, ModbusException code, Poll poll)
    {
        for (var position = 0; position < _points.Count; position++)
        {
            var point = _points[position];
            if (point.Table != table || !range.Contains(point.Address) || !point.Sensor.IsReadable || poll.Findings.IsAbsent(point)) continue;
            poll.Findings.NoteAbsent(point, code, _time.GetUtcNow());
            poll.Readings[position] = Absent(code, poll.At);
            poll.CountRefused(isOptional: true);
        }
    }

    private void Take(ReadBlock block, Poll poll)
    {
        foreach (var position in block.Points)
        {
            var point = _points[position];
            var words = _words.AsSpan(point.Address - block.Start, point.Words);
            poll.Readings[position] = RegisterDecoder.Decode(point, words, poll.At);
            if (!RegisterDecoder.IsAbsent(point, words)) continue;
            poll.Findings.NoteSaidAbsent(point, _time.GetUtcNow());
            poll.Readings[position] = Absent(ModbusException.None, poll.At);
        }

        poll.CountAnswered(block.Points.Count);
        if (block.Points is not [var only] || _points[only] is not { Optional: true } optional || _findings.IsPresent(optional)) return;
        poll.Findings.NotePresent(optional);
    }

    // Refused as a whole: each half is asked for by itself, down to single points. When both halves answer whole, the place of the split is where the
    // device does not let itself be read across, and the plan remembers it.
    private async ValueTask<Failure?> SplitAsync(ReadBlock block, Poll poll, CancellationToken cancellationToken)
    {
        var splitsBefore = ++poll.Splits;
        var refusedBefore = poll.Refused;
        var middle = block.Points.Count / 2;
        if (await ReadBlockAsync(block.Part(_points, 0, middle), poll, cancellationToken) is { } first) return first;
        if (await ReadBlockAsync(block.Part(_points, middle, block.Points.Count), poll, cancellationToken) is { } second) return second;
        var isAnswered = poll.Readings[block.Points[0]].Quality != Quality.Failed && poll.Readings[block.Points[^1]].Quality != Quality.Failed;
        if (isAnswered && poll.Splits == splitsBefore && poll.Refused == refusedBefore)
            poll.Findings.NoteCut(_points[block.Points[middle]], _time.GetUtcNow());
        return null;
    }

    // Once a day a point that was refused is asked for again, by itself, and refused joins are tried again. A few points a poll, so that a poll stays short.
    private async ValueTask<Failure?> AskAgainAsync(Poll poll, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_findings.HasOldCuts(now)) poll.Findings.ForgetOldCuts(now);
        var asked = 0;
        for (var position = 0; position < _points.Count && asked < MaxAskedAgain; position++)
        {
            var point = _points[position];
            if (!_findings.IsDue(point, now)) continue;
            asked++;
            var result = await ReadAsync(point, poll, cancellationToken);
            if (result.IsSuccess)
            {
                if (RegisterDecoder.IsAbsent(point, _words))
                {
                    poll.Findings.NoteSaidAbsent(point, now);
                    continue;
                }

                poll.Readings[position] = Decode(point, poll.At);
                poll.Findings.NotePresent(point);
                Log.AnswersAgain(_logger, _heatPump.Id, point.Sensor.Key);
            }
            else if (!result.IsDeviceException) return FailureOf(result, poll);
            else if (!ModbusFailures.IsTemporary(result.Exception)) poll.Findings.NoteAbsent(point, result.Exception, now);
        }

        return null;
    }

    // Some firmware gives wrong values in blocks and right ones alone, and single wild values for one poll: what looks wrong is asked for once more, alone.
    private async ValueTask<Failure?> RereadDoubtfulAsync(Poll poll, CancellationToken cancellationToken)
    {
        var rereads = 0;
        for (var position = 0; position < _points.Count; position++)
        {
            var reading = poll.Readings[position];
            var isJump = _jumps.IsJump(position, reading);
            if (!isJump && !IsOutside(position, reading)) continue;
            var isSettled = _settled.TryGetValue(position, out var settled) && settled.Equals(reading.Value);
            if (!isSettled && rereads++ < MaxRereads)
            {
                var result = await ReadAsync(_points[position], poll, cancellationToken);
                if (!result.IsSuccess && !result.IsDeviceException) return FailureOf(result, poll);
                if (result.IsSuccess) reading = Judge(position, reading, Decode(_points[position], poll.At), poll);
            }

            poll.Readings[position] = _jumps.IsJump(position, reading)
                ? reading with { Quality = Quality.Implausible, Reason = "jumped too far since the last poll" }
                : reading;
        }

        return null;
    }

    private Reading Judge(int position, Reading before, Reading alone, Poll poll)
    {
        if (IsOutside(position, alone))
        {
            // The same alone: it is what the device says, and asking each time would change nothing.
            if (Nullable.Equals(before.Value, alone.Value)) _settled[position] = alone.Value;
            return alone;
        }

        if (IsOutside(position, before) && !_points[position].ReadAlone && _alone.Add(position))
        {
            poll.Replan = true;
            Log.ReadAloneFromNowOn(_logger, _heatPump.Id, _points[position].Sensor.Key, before.Value, alone.Value);
        }

        return alone;
    }

    /// <summary>Out of the measured range, or a code that has no word.</summary>
    private bool IsOutside(int position, Reading reading) =>
        reading.Quality == Quality.Implausible || (reading is { IsGood: true, Text: null } && Sensors[position] is { Kind: ValueKind.Code, Codes: not null });

    private Reading Decode(ModbusPoint point, DateTimeOffset at) => RegisterDecoder.Decode(point, _words.AsSpan(0, point.Words), at);

    private ValueTask<ModbusResult> ReadAsync(ModbusPoint point, Poll poll, CancellationToken cancellationToken) =>
        ReadAsync(point.Table, point.Address, (ushort)point.Words, poll, cancellationToken);

    private async ValueTask<ModbusResult> ReadAsync(
        ModbusTable table, ushort start, ushort count, Poll poll, CancellationToken cancellationToken)
    {
        var result = await RequestAsync(table, start, count, cancellationToken);
        var isFinal = result.IsSuccess || result.IsDeviceException || ModbusFailures.IsBeforeSending(result.Fault) || poll.HasFailedOnce;
        if (!isFinal)
        {
            poll.HasFailedOnce = true;
            result = await RequestAsync(table, start, count, cancellationToken);
        }

        poll.IsTalking |= result.IsSuccess || result.IsDeviceException;
        return result;
    }

    private async ValueTask<ModbusResult> RequestAsync(ModbusTable table, ushort start, ushort count, CancellationToken cancellationToken)
    {
        if (table.IsOfRegisters()) return await _client.ReadRegistersAsync(_unit, table, start, _words.AsMemory(0, count), cancellationToken);
        var result = await _client.ReadBitsAsync(_unit, table, start, _bits.AsMemory(0, count), cancellationToken);
        if (!result.IsSuccess) return result;
        for (var index = 0; index < count; index++) _words[index] = _bits[index] ? (ushort)1 : (ushort)0;
        return result;
    }

    private Failure FailureOf(ModbusResult result, Poll poll) =>
        poll.IsTalking ? _failures.Of(result) : _failures.OfFirstRead(result);

    private void Learn(Poll poll)
    {
        if (poll.Learnt is { } learnt)
        {
            _findings = learnt;
            _memory.Keep(_heatPump.Id, Topic, learnt.ToJson());
        }

        if (!poll.Replan) return;
        _plan = Plan();
        Log.Planned(_logger, _heatPump.Id, _plan.Count, _findings.AbsentCount);
    }
}
