using System.Collections.Concurrent;
using HPManager.Core.HeatPumps;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Embedded;

/// <summary>Damage met since the start or set aside earlier, each told once. Thread-safe.</summary>
internal sealed partial class DamageList(ILogger logger)
{
    private readonly ConcurrentDictionary<HistoryDamage, byte> _known = new();

    public IReadOnlyList<HistoryDamage> All => [.. _known.Keys.OrderBy(damage => damage.First)];

    /// <summary>What is known to be damaged of a stretch that begins at a moment; null when nothing is.</summary>
    public string? Of(HeatPumpId heatPump, long first)
    {
        var own = _known.Keys.Where(damage => damage.HeatPump == heatPump && damage.First.ToUnixTimeMilliseconds() == first).Select(damage => damage.What).ToList();
        return own.Count == 0 ? null : string.Join("; ", own);
    }

    /// <summary>Takes over what was set aside in earlier runs, without telling it again.</summary>
    public void Recall(HeatPumpId? heatPump, long first, long last, string what) =>
        _known.TryAdd(new HistoryDamage(heatPump, MomentOf(first), MomentOf(last), what), 0);

    /// <summary>The file as a whole was damaged.</summary>
    public void NoteFile(DateTimeOffset at, string what)
    {
        if (_known.TryAdd(new HistoryDamage(null, at, at, what), 0)) Log.FileDamaged(logger, what);
    }

    public void Note(Segment segment, HeatPumpId heatPump, string what) => Note(heatPump, segment.First, segment.Last, what);

    public void Note(HeatPumpId heatPump, long first, long last, string what)
    {
        var damage = new HistoryDamage(heatPump, MomentOf(first), MomentOf(last), what);
        if (_known.TryAdd(damage, 0)) Log.Damaged(logger, heatPump, damage.First, damage.Last, what);
    }

    /// <summary>A moment in Unix milliseconds, which may be damaged itself: the nearest that there is.</summary>
    public static DateTimeOffset MomentOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private static partial class Log
    {
        [LoggerMessage(EventId = 6010, Level = LogLevel.Error, Message = "The history of {HeatPump} from {First} to {Last} is damaged: {What}; everything else is served")]
        public static partial void Damaged(ILogger logger, HeatPumpId heatPump, DateTimeOffset first, DateTimeOffset last, string what);

        [LoggerMessage(EventId = 6013, Level = LogLevel.Error, Message = "{What}")]
        public static partial void FileDamaged(ILogger logger, string what);
    }
}

/// <summary>How SQLite says that a file is not as it was written.</summary>
internal static class SqliteDamage
{
    public const int Corrupt = 11;
    public const int NotADatabase = 26;
}
