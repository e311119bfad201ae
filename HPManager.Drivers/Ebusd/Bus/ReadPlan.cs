using HPManager.Drivers.Ebusd.Inventory;
using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Bus;

/// <summary>
/// Which message is worth the next read of the bus: the one that is most overdue by its group. What a device does not have is asked for once a day, what
/// fails is left alone for a while. Thread-safe.
/// </summary>
internal sealed class ReadPlan
{
    private static readonly TimeSpan Unsupported = TimeSpan.FromDays(1);

    // A sensor that is missing in summer may show a value once the compressor runs.
    private static readonly TimeSpan Empty = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Failed = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FailedOften = TimeSpan.FromMinutes(10);
    private const int Often = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<MessageId, Entry> _entries = [];
    private bool _isSuspended = true;

    /// <summary>How old a value of the group may become before it is read anew.</summary>
    public static TimeSpan PeriodOf(ReadGroup group) => group switch
    {
        ReadGroup.Fast => TimeSpan.FromSeconds(30),
        ReadGroup.Measured => TimeSpan.FromMinutes(2),
        ReadGroup.Counter => TimeSpan.FromMinutes(15),
        _ => TimeSpan.FromMinutes(5),
    };

    /// <summary>How old a value of the group may become before it is called stale.</summary>
    public static TimeSpan StaleAfter(ReadGroup group) => group switch
    {
        ReadGroup.Fast => TimeSpan.FromMinutes(3),
        ReadGroup.Measured or ReadGroup.Heard => TimeSpan.FromMinutes(10),
        ReadGroup.Counter => TimeSpan.FromHours(1),
        _ => TimeSpan.FromMinutes(20),
    };

    /// <summary>Sets what is wanted; what is known of a message that stays wanted is kept.</summary>
    public void Want(IEnumerable<(MessageId Message, ReadGroup Group)> messages)
    {
        lock (_gate)
        {
            var wanted = messages.GroupBy(pair => pair.Message).ToDictionary(same => same.Key, same => same.Min(pair => PeriodOf(pair.Group)));
            foreach (var gone in _entries.Keys.Where(message => !wanted.ContainsKey(message)).ToList()) _entries.Remove(gone);
            foreach (var (message, period) in wanted)
            {
                if (!_entries.TryGetValue(message, out var entry)) _entries.Add(message, entry = new Entry());
                entry.Period = period;
            }

            _isSuspended = false;
        }
    }

    /// <summary>Nothing is asked for until something is wanted again.</summary>
    public void Suspend()
    {
        lock (_gate) _isSuspended = true;
    }

    /// <summary>Notes when a message was last true.</summary>
    public void NoteHeard(MessageId message, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(message, out var entry)) entry.Heard = at;
        }
    }

    /// <summary>Notes what came of a read.</summary>
    public void NoteRead(MessageId message, ReadKind kind, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(message, out var entry)) return;
            entry.Failures = kind is ReadKind.BusFault or ReadKind.NoSignal ? entry.Failures + 1 : 0;
            if (kind == ReadKind.Values) entry.Heard = now;
            entry.NotBefore = kind switch
            {
                ReadKind.Values => default,
                ReadKind.Empty => now + Empty,
                ReadKind.BusFault or ReadKind.NoSignal => now + (entry.Failures < Often ? Failed : FailedOften),
                _ => now + Unsupported,
            };
        }
    }

    /// <summary>The message to read now, and how old its value may be at most; null when none is due.</summary>
    public (MessageId Message, TimeSpan Period)? Next(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_isSuspended) return null;
            var due = _entries.Where(pair => pair.Value.NotBefore <= now && now - pair.Value.Heard >= pair.Value.Period).ToList();
            if (due.Count == 0) return null;
            var (message, entry) = due.MaxBy(pair => (now - pair.Value.Heard) / pair.Value.Period);
            return (message, entry.Period);
        }
    }

    private sealed class Entry
    {
        public TimeSpan Period { get; set; }

        public DateTimeOffset Heard { get; set; }

        public DateTimeOffset NotBefore { get; set; }

        public int Failures { get; set; }
    }
}
