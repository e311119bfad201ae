using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Client;
using HPManager.Drivers.Ebusd.Inventory;
using Microsoft.Extensions.Logging;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>
/// Reads and writes one plant through its ebusd. A poll takes what ebusd has in its memory, each value with its age, and has a few values renewed where the
/// budget of the bus allows; the others are renewed between the polls.
/// </summary>
internal sealed class EbusdDeviceSession : IDeviceSession, IAsyncDisposable
{
    private const string Topic = "ebusd";

    // Definitions may change without a word, and conditions of messages come true.
    private static readonly TimeSpan InventoryLasts = TimeSpan.FromMinutes(10);

    // What is not taken over in this time is taken over by the next poll.
    private static readonly TimeSpan TakeOverLimit = TimeSpan.FromSeconds(8);

    private readonly EbusdEndpoint _endpoint;
    private readonly EbusdLogin _login;
    private readonly BusBudget _budget;
    private readonly HeatPump _heatPump;
    private readonly EbusdModel _model;
    private readonly IDeviceMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Conversation _conversation;
    private readonly EbusdFailures _failures;
    private readonly WriteCounter _writes;
    private readonly EbusdClock _clock = new();
    private readonly StoredValues _values;
    private readonly PlantSensors _sensors;
    private readonly ReadPlan _plan = new();
    private readonly Dictionary<MessageId, DateTimeOffset> _readFromBus = [];
    private string? _fingerprint;
    private DateTimeOffset _inventoried;
    private bool _hasPolled;
    private BusReader? _reader;

    public EbusdDeviceSession(
        EbusdEndpoint endpoint, EbusdClient client, BusBudget budget, HeatPump heatPump, EbusdModel model, IDeviceMemory memory, TimeProvider time, ILogger logger)
    {
        _endpoint = endpoint;
        _login = EbusdConnections.LoginOf(heatPump.Connection);
        _budget = budget;
        _heatPump = heatPump;
        _model = model;
        _memory = memory;
        _time = time;
        _logger = logger;
        _conversation = new Conversation(client, _login);
        _failures = new EbusdFailures(model.Guide, endpoint);
        _writes = new WriteCounter(heatPump.Id, memory, time);
        _values = new StoredValues(_clock);
        _sensors = new PlantSensors(model.Catalogue, EbusdFindings.Parse(memory.Recall(heatPump.Id, Topic)));
    }

    public SensorSet Sensors => _sensors.Set;

    public async ValueTask<PollResult> PollAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (info, failure) = await MeetAsync(cancellationToken);
        if (info is null || await TakeOverAsync(cancellationToken) is { } broken && (failure = broken) is not null)
        {
            _plan.Suspend();
            return new PollResult(null, failure);
        }

        // A connection test polls once and is gone; only who stays has the bus read between the polls.
        if (_hasPolled) _reader ??= new BusReader(_endpoint, _login, _budget, _plan, _time);
        _hasPolled = true;
        return new PollResult(new Snapshot(_heatPump.Id, at, Sensors, ReadingsOf(info, at)), null);
    }

    public async ValueTask<ReadResult> ReadAsync(SensorKey sensor, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (Sensors.PositionOf(sensor) < 0) throw new ArgumentException($"{_heatPump.Id} has no sensor {sensor}", nameof(sensor));
        if (_model.Tables.Find(sensor) is null)
        {
            var (snapshot, pollFailure) = await PollAsync(at, cancellationToken);
            return snapshot is null ? new ReadResult(default, pollFailure) : new ReadResult(snapshot[sensor]!.Value, null);
        }

        if (_fingerprint is null && await MeetAsync(cancellationToken) is { Failure: { } failure }) return new ReadResult(default, failure);
        if (_sensors.Find(sensor) is not { } capability) return new ReadResult(NotOffered(at), null);
        var answer = await ReadBusAsync(capability, cancellationToken);
        return answer.IsAnswered ? new ReadResult(_values.Read(capability, at, _time.GetUtcNow()), null) : new ReadResult(default, _failures.Of(answer));
    }

    public async ValueTask<Failure?> WriteAsync(SensorKey sensor, double value, CancellationToken cancellationToken)
    {
        if (_model.Tables.Find(sensor) is not { Sensor.IsWritable: true } row) throw new ArgumentException($"{sensor} is not written", nameof(sensor));
        if (_fingerprint is null && await MeetAsync(cancellationToken) is { Failure: { } failure }) return failure with { Message = $"{failure.Message} Nothing was sent." };
        if (_sensors.Find(sensor) is not { CanWrite: true } capability) return EbusdFailures.NotWritable(row.Sensor.Label);
        _budget.Note();
        _writes.Note();
        var old = _values.Read(capability, _time.GetUtcNow(), _time.GetUtcNow()).Value;
        Log.Writing(_logger, _heatPump.Id, capability.Message, old, value, _writes.Today);
        if (_writes.Today >= WriteCounter.Many) Log.ManyWrites(_logger, _heatPump.Id, _writes.Today);
        var answer = await _conversation.WriteAsync(capability.Offer, value, cancellationToken);
        _values.Forget(capability.Message);
        return answer.IsAnswered ? EbusdFailures.OfWriteAnswer(answer) : _failures.OfWrite(answer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is { } reader) await reader.DisposeAsync();
        _reader = null;
    }

    private static Reading NotOffered(DateTimeOffset at) => Reading.Missing(at, "ebusd does not offer it now");

    /// <summary>Whether ebusd is there and hears the bus, and what it offers.</summary>
    private async ValueTask<(EbusdInfo? Info, Failure? Failure)> MeetAsync(CancellationToken cancellationToken)
    {
        if (!_login.IsAnonymous && !(EbusdClient.CanBeSaid(_login.User) && EbusdClient.CanBeSaid(_login.Secret))) return (null, EbusdFailures.UnsayableLogin);
        var answer = await _conversation.AskAsync(EbusdInfo.Command, cancellationToken);
        if (!answer.IsAnswered) return (null, _failures.Of(answer));
        if (EbusdInfo.Parse(answer.Lines) is not { } info) return (null, EbusdFailures.OtherProtocol);
        if (!info.HasSignal) return (null, EbusdFailures.NoSignal);
        if (info.Fingerprint == _fingerprint && _time.GetUtcNow() - _inventoried < InventoryLasts) return (info, null);
        return await InventoryAsync(info, cancellationToken) is { } failure ? (null, failure) : (info, null);
    }

    private async ValueTask<Failure?> InventoryAsync(EbusdInfo info, CancellationToken cancellationToken)
    {
        var scan = await _conversation.AskAsync("scan result", cancellationToken);
        if (!scan.IsAnswered) return _failures.Of(scan);
        var found = await _conversation.AskAsync(MessageOffer.Command, cancellationToken);
        if (!found.IsAnswered) return _failures.Of(found);
        IReadOnlyList<MessageOffer> offers = found.IsError ? [] : [.. found.Lines.Select(MessageOffer.Parse).OfType<MessageOffer>()];
        var hasHeatPump = offers.Any(offer => offer.Role is Tables.CircuitRole.HeatPump or Tables.CircuitRole.Ehp) || scan.Lines.Any(Circuits.IsHeatPump);
        var capabilities = CapabilityFinder.Find(_model.Tables, offers);
        if (!hasHeatPump || capabilities.Count == 0) return info.IsScanned ? EbusdFailures.NoHeatPump : EbusdFailures.Scanning;
        _sensors.Offer(capabilities);
        if (_fingerprint != info.Fingerprint) Log.Found(_logger, _heatPump.Id, info.Version, offers.Count, capabilities.Count);
        _fingerprint = info.Fingerprint;
        _inventoried = _time.GetUtcNow();
        return null;
    }

    /// <summary>Takes over what ebusd has, and has the most overdue values renewed.</summary>
    private async ValueTask<Failure?> TakeOverAsync(CancellationToken cancellationToken)
    {
        var answer = await _conversation.AskAsync(StoredTimes.Command, cancellationToken);
        if (!answer.IsAnswered) return _failures.Of(answer);
        var told = answer.IsError ? [] : StoredTimes.Parse(answer.Lines);
        NoteTimes(told);
        Grow(told);
        if (await RenewAsync(cancellationToken) is { } failure) return failure;
        var began = _time.GetTimestamp();
        do
        {
            foreach (var capability in _sensors.Wanted.DistinctBy(capability => capability.Message).OrderBy(capability => _values.ReadAt(capability.Message)).ToList())
            {
                if (_time.GetElapsedTime(began) > TakeOverLimit) break;
                if (await TakeOverAsync(capability, told, cancellationToken) is { } broken) return broken;
            }
        }
        while (Grow(told) && _time.GetElapsedTime(began) < TakeOverLimit);
        return null;
    }

    private async ValueTask<Failure?> TakeOverAsync(Capability capability, Dictionary<MessageId, DateTime> told, CancellationToken cancellationToken)
    {
        if (!told.TryGetValue(capability.Message, out var time) || !_values.IsRenewed(capability.Message, time)) return null;
        if (!Conversation.IsStored(_clock.AgeOf(time, _time.GetUtcNow()))) return null;
        var answer = await _conversation.ReadStoredAsync(capability.Offer, cancellationToken);
        if (!answer.IsAnswered) return _failures.Of(answer);
        var sorted = ReadAnswer.Of(answer);
        _values.Take(capability.Message, sorted, time, _time.GetUtcNow());
        if (sorted.Kind != ReadKind.Values) _plan.NoteRead(capability.Message, sorted.Kind, _time.GetUtcNow());
        return null;
    }

    // Reads of the bus that the budget has left, before the rest is taken over: that is how a first poll has values at all.
    private async ValueTask<Failure?> RenewAsync(CancellationToken cancellationToken)
    {
        while (_plan.Next(_time.GetUtcNow()) is { } due && _sensors.Wanted.FirstOrDefault(capability => capability.Message == due.Message) is { } capability && _budget.TryTake())
        {
            var answer = await ReadBusAsync(capability, cancellationToken, isCounted: true);
            if (!answer.IsAnswered) return _failures.Of(answer);
        }

        return null;
    }

    private async ValueTask<EbusdAnswer> ReadBusAsync(Capability capability, CancellationToken cancellationToken, bool isCounted = false)
    {
        if (!isCounted) _budget.Note();
        var asked = _time.GetUtcNow();
        var answer = await _conversation.ReadBusAsync(capability.Offer, cancellationToken);
        if (!answer.IsAnswered) return answer;
        var sorted = ReadAnswer.Of(answer);
        _values.Take(capability.Message, sorted, told: null, _time.GetUtcNow());
        _plan.NoteRead(capability.Message, sorted.Kind, _time.GetUtcNow());
        if (sorted.Kind == ReadKind.Values && !capability.Offer.IsPassive) _readFromBus[capability.Message] = asked;
        return answer;
    }

    private void NoteTimes(Dictionary<MessageId, DateTime> told)
    {
        var now = _time.GetUtcNow();
        if (told.Count > 0) _clock.NoteNewest(told.Values.Max(), now);
        foreach (var (message, asked) in _readFromBus)
        {
            if (told.TryGetValue(message, out var time)) _clock.NoteRead(time, asked);
        }

        _readFromBus.Clear();
    }

    private bool Grow(Dictionary<MessageId, DateTime> told)
    {
        var now = _time.GetUtcNow();
        var hasGrown = _sensors.Grow(capability => _values.Read(capability, now, now).Value, capability => _values.IsAbsent(capability.Message));
        if (hasGrown) _memory.Keep(_heatPump.Id, Topic, _sensors.Findings.ToJson());
        _plan.Want(_sensors.Wanted.Where(capability => !capability.Offer.IsPassive && !IsUnused(capability, now)).Select(capability => (capability.Message, capability.Row.Group)));
        foreach (var (message, time) in told) _plan.NoteHeard(message, now - _clock.AgeOf(time, now));
        return hasGrown;
    }

    // A circuit that was in use once and is not any more is worth no read of the bus.
    private bool IsUnused(Capability capability, DateTimeOffset now) =>
        capability.Row.Needs is { } needs && _sensors.Find(needs) is { } needed && _values.Read(needed, now, now) is { Value: 0 };

    private Reading[] ReadingsOf(EbusdInfo info, DateTimeOffset at)
    {
        var now = _time.GetUtcNow();
        var readings = new Reading[Sensors.Count];
        for (var position = 0; position < readings.Length; position++)
        {
            var key = Sensors[position].Key;
            readings[position] = _sensors.Find(key) switch
            {
                null => NotOffered(at),
                var capability when IsUnused(capability, now) => Reading.Missing(at, "not in use"),
                var capability => _values.Read(capability, at, now),
            };
        }

        var facts = new PollFacts(at, info, _writes.Today, key => Sensors.PositionOf(SensorKey.Parse(key)) is >= 0 and var position ? readings[position] : null);
        foreach (var derived in DerivedSensors.All)
        {
            if (Sensors.PositionOf(derived.Definition.Key) is >= 0 and var position) readings[position] = derived.Read(facts);
        }

        return readings;
    }
}
