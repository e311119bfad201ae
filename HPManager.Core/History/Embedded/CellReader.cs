using HPManager.Core.History.Embedded.Coding;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>Reads the cells of one segment after the other with one statement: preparing it anew takes longer than reading. One user at a time.</summary>
internal sealed class CellReader(SqliteConnection connection, SeriesNames names, DamageList damage) : IDisposable
{
    private readonly SqliteCommand _select = connection.Command("SELECT cells FROM segments WHERE id = $0", 0L);
    private readonly CellCoding _coding = new();

    /// <summary>The cells of some series in a segment, in the order of the series; null when they are damaged, which is noted.</summary>
    public Cell[][]? Read(Segment segment, IReadOnlyCollection<long> series)
    {
        try
        {
            _select.Parameters[0].Value = segment.Id;
            using var row = _select.ExecuteReader();
            if (!row.Read() || row.IsDBNull(0)) throw new DamagedBlockException("they are not there");
            var block = _coding.Open(segment.Pump, segment.First, row.GetFieldValue<byte[]>(0));
            return [.. series.Select(one => _coding.Read(block, one))];
        }
        catch (Exception fault) when (fault is DamagedBlockException or SqliteException { SqliteErrorCode: SqliteDamage.Corrupt })
        {
            damage.Note(segment, names.PumpOf(segment.Pump), $"the aggregates of {segment.Polls} polls ({fault.Message})");
            return null;
        }
    }

    public void Dispose() => _select.Dispose();
}
