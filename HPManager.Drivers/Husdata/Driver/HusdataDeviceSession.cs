using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Husdata.Tables;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>
/// Reads and writes one heat pump through its gateway. Over HTTP a poll is one request and one moment, over MQTT it is the newest of each value with its own
/// age; a write goes out once, after the present value has been read, and is proven by reading alone.
/// </summary>
internal sealed class HusdataDeviceSession : IDeviceSession
{
    private const string Topic = "husdata";

    // Holiday of Rego 600: a new length is accepted only while it is off. The emulated room sensor has to be switched on at the gateway.
    private static readonly HusdataIndex Holiday = HusdataIndex.Parse("2210");
    private static readonly HusdataIndex EmulatedRoom = HusdataIndex.Parse("02F1");

    private readonly GatewayLinks _links;
    private readonly HeatPump _heatPump;
    private readonly HusdataModel _model;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GatewayValues _values;
    private readonly Dictionary<string, double> _writeFactors;
    private readonly Dictionary<HusdataIndex, int> _sent = [];
    private readonly Dictionary<HusdataIndex, DateTimeOffset> _published = [];
    private string _kept;
    private string _scaling;
    private bool _isIdentified;

    public HusdataDeviceSession(GatewayLinks links, HeatPump heatPump, HusdataModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _links = links;
        _heatPump = heatPump;
        _model = model;
        _memory = memory;
        _time = time;
        _logger = logger;
        _kept = memory.Recall(heatPump.Id, Topic) ?? "";
        var findings = HusdataFindings.Parse(_kept.Length == 0 ? null : _kept);
        _values = new GatewayValues(
            model.Table, heatPump.Options.Flag(HusdataConnections.AllowUnverifiedWrites), HusdataConnections.ScalingOf(heatPump.Options), findings);
        _writeFactors = findings.WriteFactors.ToDictionary();
        _scaling = _values.Scale.Words;
    }

    public SensorSet Sensors => _values.Registers.Sensors;

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var failure = await CollectAsync(at, cancellationToken) ?? await IdentifyAsync(cancellationToken);
        if (failure is not null) return new PollResult(null, failure);
        var readings = new Reading[Sensors.Count];
        _values.ReadAll(readings);
        readings[_model.Table.ScalingPosition] = new Reading(null, _scaling, Quality.Good, at);
        readings[_model.Table.LinkPosition] = new Reading(null, _links.Words, Quality.Good, at);
        if (_links.FrozenSince is { } since) MarkFrozen(readings, since);
        if (_links.Feed is not null) MarkOld(readings, at);
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, readings), null);
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var entry = EntryOf(sensor);
        if (await CollectAsync(at, cancellationToken) is { } failure) return new ReadResult(default, failure);
        var position = _values.Registers.Map.PositionOf(entry.Index);
        if (_published.TryGetValue(entry.Index, out var since) && _values.TimeAt(position) < since && _links.WritesByFeed)
            return new ReadResult(Reading.Missing(at, "the gateway has not published it since the write"), null);
        LearnFactor(entry, position);
        return new ReadResult(_values.ReadingAt(position), null);
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        var entry = EntryOf(sensor);
        if (!Sensors.TryGet(sensor, out var definition) || !definition.IsWritable) throw new ArgumentException($"{sensor} is not written", nameof(sensor));
        if (await CollectAsync(_time.GetUtcNow(), cancellationToken) is { } failure) return failure with { Message = $"{failure.Message} Nothing was sent." };
        var position = _values.Registers.Map.PositionOf(entry.Index);
        if (await RefusalAsync(entry, position, value, cancellationToken) is { } refusal) return refusal;
        return _links.WritesByFeed ? await PublishAsync(entry, value, cancellationToken) : await SendAsync(entry, value, cancellationToken);
    }

    public async ValueTask<Failure> DiagnoseAsync(Failure failure, CancellationToken cancellationToken)
    {
        if (failure.Cause is not (FailureCause.OtherProtocol or FailureCause.BadAnswer)) return failure;
        var status = await StatusAsync(cancellationToken);
        return status?.InterfaceType is null ? failure : _links.Failures.ApiOff();
    }

    private async ValueTask<Failure?> CollectAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await _links.CollectAsync(_values, at, cancellationToken) is { } failure) return failure;
        if (_values.Settle(at)) Log.UnknownFound(_logger, _heatPump.Id, _values.Strangers.Found.Count, _values.Strangers.LeftOut);
        Keep();
        return null;
    }

    private async ValueTask<GatewayStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        if (_links.Http is not { } http) return null;
        var answer = await http.GetStatusAsync(cancellationToken);
        return answer.IsSuccess ? GatewayStatus.Parse(answer.Body) : null;
    }

    // Asked once: what a gateway is connected to does not change while it answers.
    private async ValueTask<Failure?> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_isIdentified) return null;
        var type = (await StatusAsync(cancellationToken))?.InterfaceType;
        if (type is not null && type != _model.InterfaceType) return _links.Failures.OtherController(type);
        _isIdentified = true;
        return null;
    }

    private async ValueTask<Failure?> RefusalAsync(HusdataEntry entry, int position, double value, CancellationToken cancellationToken)
    {
        if (entry.Sensor.IsReadable && _values.NumberAt(position) is null)
            return HusdataFailures.Refused($"{entry.Sensor.Label}: this gateway does not have it. Nothing was sent.");
        if (entry.Index == Holiday && value != 0 && _values.ReadingAt(position).Value is { } left && left != 0 && left != value)
        {
            return HusdataFailures.Refused(
                string.Create(CultureInfo.InvariantCulture, $"A holiday of {left:0.#} is under way, and another length is not accepted before it is ended. Nothing was sent."),
                "Write 0 first, and the new length when 0 has been read back.");
        }

        if (entry.Index != EmulatedRoom) return null;
        return await StatusAsync(cancellationToken) is { HasRoomControl: false }
            ? HusdataFailures.Refused("The gateway does not emulate a room sensor: ROOM_CTRL is 0. Nothing was sent.", "Set ROOM_CTRL to 1 on the gateway's own web page and restart it.")
            : null;
    }

    private async ValueTask<Failure?> SendAsync(HusdataEntry entry, double value, CancellationToken cancellationToken)
    {
        if (Encode(entry, value, out var raw) is { } refusal) return refusal;
        Log.Writing(_logger, _heatPump.Id, entry.Index, raw);
        _sent[entry.Index] = raw;
        var answer = await _links.Http!.SetAsync(entry.Index, raw, cancellationToken);
        if (!answer.IsSuccess) return _links.Failures.OfWrite(answer);
        var said = SetAnswer.Parse(answer.Body.Span);
        return said.IsTaken ? null : HusdataFailures.NotTaken(said.Word);
    }

    // Published in the form in which the gateway publishes; codes are plain numbers.
    private async ValueTask<Failure?> PublishAsync(HusdataEntry entry, double value, CancellationToken cancellationToken)
    {
        var raw = (int)Math.Round(value * entry.Divisor);
        if (_links.Feed!.Form == FeedForm.Raw && Encode(entry, value, out raw) is { } refusal) return refusal;
        if (_links.Feed.Form == FeedForm.Auto && entry.Sensor.Codes is null && entry.Divisor != 1)
            return HusdataFailures.Refused("It is not known yet in what form the gateway takes numbers over MQTT. Nothing was sent.", "Set it in the connection of the heat pump.");
        var isRaw = _links.Feed.Form == FeedForm.Raw;
        if (isRaw) _sent[entry.Index] = raw;
        Log.Writing(_logger, _heatPump.Id, entry.Index, raw);
        _published[entry.Index] = _time.GetUtcNow();
        return await _links.Feed.SetAsync(entry.Index, isRaw ? raw.ToString(CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture), cancellationToken);
    }

    private Failure? Encode(HusdataEntry entry, double value, out int raw)
    {
        var factor = _writeFactors.TryGetValue(entry.Index.ToString(), out var found) ? found : (double?)null;
        return ValueCodec.TryEncode(entry, value, _values.Scale.Of(entry.Index.DataType), factor, out raw, out var error)
            ? null
            : HusdataFailures.Refused($"{error}. Nothing was sent.", "Set the gateway's scaling in the options of the heat pump.");
    }

    // A value that reads back ten times too large or too small was written in the wrong form: the next one is not.
    private void LearnFactor(HusdataEntry entry, int position)
    {
        if (!_sent.TryGetValue(entry.Index, out var sent) || sent == 0 || entry.Sensor.Codes is not null || _values.NumberAt(position) is not { } read) return;
        if (read != sent * 10.0 && read * 10 != sent) return;
        _sent.Remove(entry.Index);
        var scaling = _values.Scale.Of(entry.Index.DataType);
        var used = _writeFactors.TryGetValue(entry.Index.ToString(), out var found) ? found : entry.WriteFactor ?? (scaling == Scaling.H1Native ? entry.NativeDivisor : entry.Divisor);
        var factor = read == sent * 10.0 ? used / 10 : used * 10;
        _writeFactors[entry.Index.ToString()] = factor;
        Log.FactorFound(_logger, _heatPump.Id, entry.Index, read, sent, factor);
        Keep();
    }

    private void Keep()
    {
        if (_values.Scale.Words is var words && words != _scaling)
        {
            _scaling = words;
            Log.ScalingFound(_logger, _heatPump.Id, words);
        }

        var findings = new HusdataFindings
        {
            Scale = _values.Scale.Findings,
            Unknown = [.. _values.Registers.Unknown.Select(index => index.ToString())],
            WriteFactors = _writeFactors,
        }.ToJson();
        if (findings == _kept) return;
        _kept = findings;
        _memory.Keep(_heatPump.Id, Topic, findings);
    }

    private HusdataEntry EntryOf(SensorKey sensor) =>
        Sensors.PositionOf(sensor) is >= 0 and var position && _values.Registers.EntryOfSensor(position) is { IsAtGateway: true } entry
            ? entry
            : throw new ArgumentException($"{_heatPump.Id} has no {sensor} at the gateway", nameof(sensor));

    // Over MQTT a value is asked for every few minutes; one that was not renewed since is old.
    private static void MarkOld(Reading[] readings, DateTimeOffset at)
    {
        for (var i = 0; i < readings.Length; i++)
        {
            if (!readings[i].IsGood || at - readings[i].At <= GatewayFeed.StaleAfter) continue;
            readings[i] = readings[i] with
            {
                Quality = Quality.Stale,
                Reason = string.Create(CultureInfo.InvariantCulture, $"the gateway has not sent it since {readings[i].At.UtcDateTime:HH:mm} UTC; after an outage of the broker it comes back within about an hour"),
            };
        }
    }

    private static void MarkFrozen(Reading[] readings, DateTimeOffset since)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"nothing at the gateway has changed since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: it may have lost the heat pump");
        for (var i = 0; i < readings.Length; i++)
        {
            if (readings[i] is { IsGood: true, Value: not null }) readings[i] = readings[i] with { Quality = Quality.Stale, At = since, Reason = reason };
        }
    }
}
