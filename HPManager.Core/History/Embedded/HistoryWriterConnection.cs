using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// The one connection that changes the file. Opening it reads head and numbers from the file; after a failure it is thrown away and opened anew. One user at a time.
/// </summary>
internal sealed partial class HistoryWriterConnection : IDisposable
{
    private const long PagesGivenBack = 1_000;
    private const long WholeFile = 0;
    private const long Megabyte = 1_000_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SeriesNames _names;
    private readonly Head _head;
    private readonly DamageList _damage;
    private readonly ILogger _logger;
    private readonly SegmentTable _segments;
    private readonly ByteWriter _bytes = new();
    private readonly Dictionary<long, long> _places = [];
    private bool _isSealing = true;

    public HistoryWriterConnection(HistoryDatabase database, SeriesNames names, Head head, DamageList damage, ILogger logger)
    {
        (_names, _head, _damage, _logger) = (names, head, damage, logger);
        _connection = database.OpenForWriting();
        _segments = new SegmentTable(_connection, names, damage);
        _insert = _connection.Command("INSERT INTO head (pump, layout, at, place, body) VALUES ($0, $1, $2, $3, $4)", 0L, 0L, 0L, 0L, Array.Empty<byte>());
        Outbox = new OutboxTable(_connection, names);
        try
        {
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What engines have.</summary>
    public OutboxTable Outbox { get; }

    /// <summary>Keeps snapshots; durable behind it.</summary>
    public void Append(IReadOnlyList<Snapshot> snapshots)
    {
        var polls = new List<HeadPoll>(snapshots.Count);
        _connection.InTransaction(() =>
        {
            foreach (var snapshot in snapshots)
            {
                var pump = _names.PumpOf(_connection, snapshot.HeatPumpId);
                var place = _places[pump] = _places.GetValueOrDefault(pump) + 1;
                var poll = HeadPoll.Of(snapshot, pump, _names.LayoutOf(_connection, snapshot.Sensors), place, _bytes);
                _insert.Parameters[0].Value = poll.Pump;
                _insert.Parameters[1].Value = poll.Layout.Id;
                _insert.Parameters[2].Value = poll.At;
                _insert.Parameters[3].Value = poll.Place;
                _insert.Parameters[4].Value = poll.Body;
                _insert.ExecuteNonQuery();
                polls.Add(poll);
            }
        });
        _head.Add(polls);
        try
        {
            Seal(_head.Due());
            _isSealing = true;
        }
        catch (SqliteException fault)
        {
            // The polls are durable in the head, which waits there and is sealed with the next ones.
            if (_isSealing) Log.NotSealed(_logger, fault);
            _isSealing = false;
        }
    }

    /// <summary>Seals all that waits in the head.</summary>
    public void Seal() => Seal(_head.Pumps());

    /// <summary>Gives some free pages of the file back, at most so many at a time that nobody waits for long.</summary>
    /// <param name="kept">So many bytes may stay free.</param>
    /// <returns>Whether more could be given back.</returns>
    public bool GiveBack(long kept)
    {
        var pages = _connection.Rows("PRAGMA freelist_count", row => row.GetInt64(0))[0] - (kept / HistoryDatabase.PageSize);
        if (pages > 0) _connection.Rows($"PRAGMA incremental_vacuum({Math.Min(pages, PagesGivenBack)})", _ => 0);
        return pages > PagesGivenBack;
    }

    /// <summary>Lets readings go that are older or more than is to be kept; the aggregates of their hours stay.</summary>
    /// <returns>How many polls.</returns>
    public long Keep(HeatPumpId heatPump, HistoryKeeping keeping, DateTimeOffset now)
    {
        if (_names.FindPump(heatPump) is not { } pump) return 0;
        var gone = new List<Segment>();
        var kept = 0L;
        foreach (var segment in Enumerable.Reverse(_segments.All(pump)).Where(segment => segment.HasBody))
        {
            kept += _segments.BytesOf(segment);
            var isOld = keeping.Days is { } days && segment.Last < now.AddDays(-days).ToUnixTimeMilliseconds();
            if (isOld || kept > keeping.Megabytes * Megabyte) gone.Add(segment);
        }

        if (gone.Count > 0) _connection.InTransaction(() => gone.ForEach(_segments.DropBody));
        return gone.Sum(segment => (long)segment.Polls);
    }

    /// <summary>Notes that the file as a whole was damaged, so that it is still told after a restart.</summary>
    public void NoteRepair(DateTimeOffset at, string what)
    {
        _damage.NoteFile(at, what);
        _connection.Run(
            "INSERT INTO set_aside (pump, first, last, what) VALUES ($0, $1, $1, $2)", WholeFile, at.ToUnixTimeMilliseconds(), what);
    }

    /// <summary>Deletes everything of a heat pump.</summary>
    public void Delete(HeatPumpId heatPump)
    {
        if (_names.FindPump(heatPump) is not { } pump) return;
        _connection.InTransaction(() =>
        {
            foreach (var sql in (string[])
            [
                "DELETE FROM head WHERE pump = $0",
                "DELETE FROM segments WHERE pump = $0",
                "DELETE FROM set_aside WHERE pump = $0",
                "DELETE FROM outbox WHERE pump = $0",
                "DELETE FROM pumps WHERE id = $0",
            ])
            {
                _connection.Run(sql, pump);
            }
        });
        Load();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Load()
    {
        _names.Load(_connection);
        _places.Clear();
        foreach (var (pump, place) in _connection.Rows("SELECT pump, max(last_place) FROM segments GROUP BY pump", row => (row.GetInt64(0), row.GetInt64(1)))) _places[pump] = place;
        _head.Replace(_connection.Rows("SELECT pump, layout, at, place, body FROM head ORDER BY id", ReadPoll).OfType<HeadPoll>());
        foreach (var pump in _head.Pumps()) _places[pump] = Math.Max(_places.GetValueOrDefault(pump), _head.Of(pump).Max(poll => poll.Place));
        foreach (var (pump, first, last, what) in _connection.Rows(
            "SELECT pump, first, last, what FROM set_aside", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3))))
        {
            _damage.Recall(_names.Find(pump), first, last, what);
        }
    }

    private HeadPoll? ReadPoll(SqliteDataReader row)
    {
        var at = row.GetInt64(2);
        var pump = row.GetInt64(0);
        if (_names.FindLayout(pump, row.GetInt64(1)) is not { } layout)
        {
            _damage.NoteFile(DamageList.MomentOf(at), $"A poll that was not sealed yet is lost: what it consists of is not known any more (heat pump {pump}, layout {row.GetInt64(1)})");
            return null;
        }

        try
        {
            return HeadPoll.FromBytes(row.GetFieldValue<byte[]>(4), pump, layout, at, row.GetInt64(3));
        }
        catch (DamagedBlockException fault)
        {
            _damage.Note(_names.PumpOf(pump), at, at, $"one poll ({fault.Message})");
            return null;
        }
    }

    private void Seal(IReadOnlyList<long> pumps)
    {
        if (pumps.Count == 0) return;
        var sealing = new Sealing(_connection, _segments);
        _connection.InTransaction(() => sealing.Seal(_head, pumps));
        _head.Remove(pumps);
        if (sealing.TooLate > 0) Log.TooLate(_logger, sealing.TooLate);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6011, Level = LogLevel.Warning, Message = "Polls could not be sealed; they are kept unsealed until it works")]
        public static partial void NotSealed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 6012, Level = LogLevel.Warning, Message = "{Count} polls came later than readings are kept; they were not taken")]
        public static partial void TooLate(ILogger logger, long count);
    }
}
