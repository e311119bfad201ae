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
internal sealed partial class ModbusDeviceSession : IDeviceSession
{
    private const string Topic = "modbus";
    private const int LeastPointsToJudge = 10;
    private const double OtherModelShare = 0.7;
    private const int MaxRereads = 8;

    private readonly ModbusClient _client;
    private readonly HeatPump _heatPump;
    private readonly ModbusModel _model;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly byte _unit;
    private readonly IReadOnlyList<ModbusPoint> _points;
    private readonly ReadFindings _findings;
    private readonly HashSet<int> _alone = [];
    private readonly JumpGuard _jumps;
    private readonly ushort[] _words = new ushort[125];
    private IReadOnlyList<ReadBlock> _plan;

    public ModbusDeviceSession(ModbusClient client, HeatPump heatPump, ModbusModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _client = client;
        _heatPump = heatPump;
        _model = model;
        _memory = memory;
        _time = time;
        _logger = logger;
        _unit = (byte)(heatPump.Connection.Settings.Integer(ModbusConnections.UnitId) ?? model.Profile.DefaultUnitId);
        _points = model.Profile.Points(model.Key, heatPump.Options);
        Sensors = model.Profile.Sensors(model.Key, heatPump.Options);
        _findings = ReadFindings.Parse(memory.Recall(heatPump.Id, Topic));
        _jumps = new JumpGuard(_points.Count);
        _plan = Plan();
    }

    public SensorSet Sensors { get; }

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var poll = new Poll(at, EmptyReadings(at));
        foreach (var block in _plan)
        {
            if (await ReadBlockAsync(block, poll, cancellationToken) is { } failure) return new PollResult(null, failure);
        }

        if (await AskAgainAsync(poll, cancellationToken) is { } lost) return new PollResult(null, lost);
        if (poll.Refused >= LeastPointsToJudge && poll.Refused > OtherModelShare * (poll.Refused + poll.Answered))
            return new PollResult(null, ModbusFailures.OtherModel(_model, poll.Refused, poll.Refused + poll.Answered));
        if (await RereadDoubtfulAsync(poll, cancellationToken) is { } broken) return new PollResult(null, broken);
        Remember();
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, poll.Readings), null);
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var point = PointOf(sensor);
        var result = await ReadOnceMoreAsync(point.Table, point.Address, (ushort)point.Words, cancellationToken);
        return result.IsSuccess
            ? new ReadResult(RegisterDecoder.Decode(point, _words.AsSpan(0, point.Words), at), null)
            : new ReadResult(default, ModbusFailures.Of(result, _model));
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        var point = PointOf(sensor);
        var words = new ushort[point.Words];
        if (!RegisterDecoder.TryEncode(point, value, words, out var error)) return new Failure(FailureCause.Refused, $"The value cannot be coded: {error}");
        var result = await _client.WriteRegistersAsync(_unit, point.Address, words, cancellationToken);
        return result.IsSuccess ? null : ModbusFailures.Of(result, _model);
    }

    private ModbusPoint PointOf(SensorKey sensor) => Sensors.PositionOf(sensor) is >= 0 and var position
        ? _points[position]
        : throw new ArgumentException($"{_heatPump.Id} has no sensor {sensor}", nameof(sensor));

    private IReadOnlyList<ReadBlock> Plan() => ReadPlanner.Plan(_points, _model.Profile.Blocks, _findings, _alone);

    private Reading[] EmptyReadings(DateTimeOffset at)
    {
        var readings = new Reading[_points.Count];
        for (var position = 0; position < readings.Length; position++)
        {
            var point = _points[position];
            readings[position] = !point.Sensor.IsReadable
                ? Reading.Missing(at, "write only")
                : Absent(_findings.RefusalOf(point), at);
        }

        return readings;
    }

    private static Reading Absent(ModbusException code, DateTimeOffset at) => code switch
    {
        ModbusException.None => Reading.Failed(at, "not read"),
        ModbusException.IllegalFunction => Reading.Missing(at, "not active on this heat pump"),
        _ => Reading.Missing(at, "this heat pump does not have it"),
    };

    private async ValueTask<Failure?> ReadBlockAsync(ReadBlock block, Poll poll, CancellationToken cancellationToken)
    {
        var result = await ReadOnceMoreAsync(block.Table, block.Start, block.Count, cancellationToken);
        if (result.IsSuccess)
        {
            Take(block, poll);
            return null;
        }

        if (!result.IsDeviceException) return ModbusFailures.Of(result, _model);
        if (ModbusFailures.IsTemporary(result.Exception)) return TakeTemporary(block, result, poll);
        if (block.Points.Count > 1) return await SplitAsync(block, poll, cancellationToken);
        _findings.NoteAbsent(_points[block.Points[0]], result.Exception, _time.GetUtcNow());
        poll.Readings[block.Points[0]] = Absent(result.Exception, poll.At);
        poll.Refused++;
        poll.Replan = true;
        return null;
    }

    private void Take(ReadBlock block, Poll poll)
    {
        foreach (var position in block.Points)
        {
            var point = _points[position];
            poll.Readings[position] = RegisterDecoder.Decode(point, _words.AsSpan(point.Address - block.Start, point.Words), poll.At);
        }

        poll.Answered += block.Points.Count;
    }

    private Failure? TakeTemporary(ReadBlock block, ModbusResult result, Poll poll)
    {
        var failure = ModbusFailures.Of(result, _model);
        if (failure.Cause == FailureCause.WrongUnit) return failure;
        foreach (var position in block.Points) poll.Readings[position] = Reading.Failed(poll.At, result.Detail);
        return null;
    }

    // Refused as a whole: each half is asked for by itself, down to single points. When no single point explains the refusal, the place of the
    // split is where the device does not let itself be read across, and the plan remembers it.
    private async ValueTask<Failure?> SplitAsync(ReadBlock block, Poll poll, CancellationToken cancellationToken)
    {
        var refusedBefore = poll.Refused;
        var middle = block.Points.Count / 2;
        if (await ReadBlockAsync(Part(block, 0, middle), poll, cancellationToken) is { } first) return first;
        if (await ReadBlockAsync(Part(block, middle, block.Points.Count), poll, cancellationToken) is { } second) return second;
        if (poll.Refused == refusedBefore) _findings.NoteCut(_points[block.Points[middle]]);
        poll.Replan = true;
        return null;
    }

    private ReadBlock Part(ReadBlock block, int from, int to)
    {
        var members = block.Points.Skip(from).Take(to - from).ToList();
        var start = _points[members[0]].Address;
        var end = members.Max(position => _points[position].End);
        return new ReadBlock(block.Table, start, (ushort)(end - start), members);
    }

    // Once a day a point that was refused is asked for again, by itself.
    private async ValueTask<Failure?> AskAgainAsync(Poll poll, CancellationToken cancellationToken)
    {
        for (var position = 0; position < _points.Count; position++)
        {
            var point = _points[position];
            if (!_findings.IsDue(point, _time.GetUtcNow())) continue;
            var result = await ReadOnceMoreAsync(point.Table, point.Address, (ushort)point.Words, cancellationToken);
            if (result.IsSuccess)
            {
                poll.Readings[position] = RegisterDecoder.Decode(point, _words.AsSpan(0, point.Words), poll.At);
                _findings.NotePresent(point);
                poll.Replan = true;
            }
            else if (!result.IsDeviceException) return ModbusFailures.Of(result, _model);
            else if (!ModbusFailures.IsTemporary(result.Exception)) _findings.NoteAbsent(point, result.Exception, _time.GetUtcNow());
        }

        if (poll.Replan) _plan = Plan();
        return null;
    }

    // Some firmware gives wrong values in blocks and right ones alone, and single wild values for one poll: what looks wrong is asked for once more.
    private async ValueTask<Failure?> RereadDoubtfulAsync(Poll poll, CancellationToken cancellationToken)
    {
        var rereads = 0;
        for (var position = 0; position < _points.Count; position++)
        {
            var reading = poll.Readings[position];
            if (!IsDoubtful(position, reading)) continue;
            if (rereads++ < MaxRereads)
            {
                var point = _points[position];
                var result = await ReadOnceMoreAsync(point.Table, point.Address, (ushort)point.Words, cancellationToken);
                if (!result.IsSuccess && !result.IsDeviceException) return ModbusFailures.Of(result, _model);
                if (result.IsSuccess)
                {
                    var again = RegisterDecoder.Decode(point, _words.AsSpan(0, point.Words), poll.At);
                    if (!IsDoubtful(position, again) && !point.ReadAlone && _alone.Add(position))
                    {
                        Log.ReadAloneFromNowOn(_logger, _heatPump.Id, point.Sensor.Key, reading.Value, again.Value);
                        _plan = Plan();
                    }

                    reading = again;
                }
            }

            poll.Readings[position] = _jumps.IsJump(position, _points[position], reading)
                ? reading with { Quality = Quality.Implausible, Reason = "jumped too far since the last poll" }
                : reading;
        }

        for (var position = 0; position < _points.Count; position++) _jumps.Note(position, poll.Readings[position]);
        return null;
    }

    private bool IsDoubtful(int position, Reading reading) =>
        reading.Quality == Quality.Implausible
        || (reading is { IsGood: true, Text: null } && _points[position].Sensor.Kind == ValueKind.Code)
        || _jumps.IsJump(position, _points[position], reading);

    private async ValueTask<ModbusResult> ReadOnceMoreAsync(ModbusTable table, ushort start, ushort count, CancellationToken cancellationToken)
    {
        var result = await _client.ReadRegistersAsync(_unit, table, start, _words.AsMemory(0, count), cancellationToken);
        if (result.IsSuccess || result.IsDeviceException || IsHopeless(result.Fault)) return result;
        return await _client.ReadRegistersAsync(_unit, table, start, _words.AsMemory(0, count), cancellationToken);
    }

    // A host that is not there is not there a millisecond later either.
    private static bool IsHopeless(ModbusFault fault) =>
        fault is ModbusFault.NameNotFound or ModbusFault.HostUnreachable or ModbusFault.ConnectionRefused or ModbusFault.ConnectTimeout or ModbusFault.NotModbus;

    private void Remember()
    {
        if (_findings.IsChanged) _memory.Keep(_heatPump.Id, Topic, _findings.ToJson());
    }

    private sealed class Poll(DateTimeOffset at, Reading[] readings)
    {
        public DateTimeOffset At { get; } = at;

        public Reading[] Readings { get; } = readings;

        public int Answered { get; set; }

        public int Refused { get; set; }

        public bool Replan { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 7000,
            Level = LogLevel.Information,
            Message = "{HeatPump} gives {InBlock} for {Sensor} in a block and {Alone} alone: it is read alone from now on")]
        public static partial void ReadAloneFromNowOn(ILogger logger, HeatPumpId heatPump, SensorKey sensor, double? inBlock, double? alone);
    }
}
