using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Bus;
using HPManager.Drivers.Ebusd.Inventory;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>What ebusd told last of each message, and when that was true by its clock. Used by one session.</summary>
internal sealed class StoredValues(EbusdClock clock)
{
    // Times come in whole seconds: what was read within one of them may have changed in the same one.
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(2);
    private readonly Dictionary<MessageId, Held> _held = [];

    /// <summary>Whether a message was renewed since it was read, or may have been.</summary>
    public bool IsRenewed(MessageId message, DateTime told) =>
        !_held.TryGetValue(message, out var held) || held.Told != told || told >= held.ReadAt - Resolution;

    /// <summary>When a message was read last, by ebusd's clock; for those that were never, the earliest time.</summary>
    public DateTime ReadAt(MessageId message) => _held.TryGetValue(message, out var held) ? held.ReadAt : DateTime.MinValue;

    /// <summary>Takes in an answer.</summary>
    /// <param name="message">Of which message.</param>
    /// <param name="answer">What came.</param>
    /// <param name="told">When it was heard, by ebusd's clock; null for just now.</param>
    /// <param name="now">Our time.</param>
    public void Take(MessageId message, ReadAnswer answer, DateTime? told, DateTimeOffset now)
    {
        // A bus that fails once does not make wrong what was true before.
        if (answer.Kind is ReadKind.BusFault or ReadKind.NoSignal && _held.TryGetValue(message, out var held) && held.Answer.Kind == ReadKind.Values)
        {
            _held[message] = held with { Trouble = answer.Reason };
            return;
        }

        _held[message] = new Held(answer, told ?? clock.ToTold(now), clock.ToTold(now), null);
    }

    /// <summary>Whether the heat pump turned out not to have a message; null while that is not known.</summary>
    public bool? IsAbsent(MessageId message) => !_held.TryGetValue(message, out var held) ? null : held.Answer.Kind switch
    {
        ReadKind.Unsupported => true,
        ReadKind.Values or ReadKind.Empty => false,
        _ => null,
    };

    /// <summary>Forgets a message, because it was written.</summary>
    public void Forget(MessageId message) => _held.Remove(message);

    /// <summary>The reading of a sensor as it is known now.</summary>
    public Reading Read(Capability capability, DateTimeOffset at, DateTimeOffset now)
    {
        if (!_held.TryGetValue(capability.Message, out var held))
            return Reading.Missing(at, capability.Offer.IsPassive ? "not heard on the bus yet" : "not read yet: to spare the bus, values are read one after the other");
        var age = clock.AgeOf(held.Told, now);
        if (held.Answer.Kind != ReadKind.Values)
            return held.Answer.Kind is ReadKind.BusFault or ReadKind.NoSignal or ReadKind.Refused ? Reading.Failed(at, held.Answer.Reason) : Reading.Missing(at, held.Answer.Reason);
        var reading = Tables.ValueDecoder.Decode(capability.Row, capability.Offer.Fields, held.Answer.Text, at - age);
        return reading.IsGood && age > ReadPlan.StaleAfter(capability.Row.Group)
            ? reading with { Quality = Quality.Stale, Reason = $"last heard {Words(age)} ago{(held.Trouble is null ? "" : $": {held.Trouble}")}" }
            : reading;
    }

    private static string Words(TimeSpan age) => age switch
    {
        { TotalHours: < 2 } => FormattableString.Invariant($"{age.TotalMinutes:0} min"),
        { TotalDays: < 2 } => FormattableString.Invariant($"{age.TotalHours:0} h"),
        _ => FormattableString.Invariant($"{age.TotalDays:0} days"),
    };

    private sealed record Held(ReadAnswer Answer, DateTime Told, DateTime ReadAt, string? Trouble);
}
