using HPManager.Core.History.Embedded.Coding;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Reads the cells of one segment after the other with one statement, since preparing it anew takes longer than reading, and into the same room: a year's would be megabytes that
/// outlive the question. One user at a time.
/// </summary>
internal sealed class CellReader(SqliteConnection connection, SeriesNames names, DamageList damage) : IDisposable
{
    private readonly SqliteCommand _select = connection.Command("SELECT cells FROM segments WHERE id = $0", 0L);
    private readonly CellCoding _coding = new();
    private byte[] _bytes = [];
    private Cell[][] _rooms = [];

    /// <summary>The cells of some series in a segment, in the order of the series, until the next read; null when they are damaged, which is noted.</summary>
    public ArraySegment<Cell>[]? Read(Segment segment, IReadOnlyCollection<long> series)
    {
        try
        {
            var block = _coding.Open(segment.Pump, segment.First, BytesOf(segment));
            for (var more = _rooms.Length; more < series.Count; more++) _rooms = [.. _rooms, []];
            return [.. series.Select((one, index) => _coding.Read(block, one, ref _rooms[index]))];
        }
        catch (Exception fault) when (fault is DamagedBlockException or SqliteException { SqliteErrorCode: SqliteDamage.Corrupt })
        {
            damage.Note(segment, names.PumpOf(segment.Pump), $"the aggregates of {segment.Polls} polls ({fault.Message})");
            return null;
        }
    }

    public void Dispose() => _select.Dispose();

    private ReadOnlyMemory<byte> BytesOf(Segment segment)
    {
        _select.Parameters[0].Value = segment.Id;
        using var row = _select.ExecuteReader();
        if (!row.Read()) throw new DamagedBlockException("they are not there");
        var blob = raw.sqlite3_column_blob(row.Handle, 0);
        if (_bytes.Length < blob.Length) _bytes = new byte[blob.Length];
        blob.CopyTo(_bytes);
        return _bytes.AsMemory(0, blob.Length);
    }
}
