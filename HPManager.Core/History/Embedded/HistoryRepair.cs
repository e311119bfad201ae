using System.Buffers.Binary;
using System.Globalization;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Takes over what can be read of a damaged file into a new one. The damaged file is kept under another name. Rows are read one by one where they cannot be read together; segments
/// name their own heat pump and sensors, so that they are understood when the tables of names are lost. A header that is lost is replaced by that of a new file: the tables lie where
/// they were made, always in the same order. So are the pages that list the tables, when they are not as in a new file.
/// </summary>
internal sealed class HistoryRepair(HistoryDatabase database, TimeProvider time)
{
    private const int PageCountOffset = 28;
    private const int FreePagesOffset = 32;
    private const int MostMissesInARow = 5_000;

    private readonly SegmentCoding _coding = new();
    private long _segments;
    private long _polls;
    private long _unreadable;

    public string Run()
    {
        var aside = $"{database.File}.damaged-{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        foreach (var suffix in (string[])["", "-wal"])
        {
            if (File.Exists(database.File + suffix)) File.Move(database.File + suffix, aside + suffix);
        }

        File.Delete(database.File + "-shm");
        database.Create();
        var copy = aside + ".work";
        try
        {
            File.Copy(aside, copy, overwrite: true);
            if (File.Exists(aside + "-wal")) File.Copy(aside + "-wal", copy + "-wal", overwrite: true);
            if (!TryTakeOver(copy))
            {
                Graft(copy);
                TryTakeOver(copy);
            }
        }
        finally
        {
            foreach (var suffix in (string[])["", "-wal", "-shm"]) File.Delete(copy + suffix);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"The history's file was damaged and is kept as {aside}; {_polls} polls in {_segments} stretches and all that was not sealed yet could be read and were taken over, {_unreadable} rows could not");
    }

    private bool TryTakeOver(string file)
    {
        try
        {
            using var from = SqliteFile.Open(file, SqliteOpenMode.ReadWrite);

            // Else SQLite refuses a file that is shorter than its header says.
            SqliteFile.Execute(from, "PRAGMA writable_schema = ON");
            if (!HistoryDatabase.HasSchema(from)) return false;
            using var to = database.OpenForWriting();
            to.InTransaction(() => TakeOver(from, to));
            return true;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is SqliteDamage.Corrupt or SqliteDamage.NotADatabase)
        {
            return false;
        }
    }

    private void TakeOver(SqliteConnection from, SqliteConnection to)
    {
        foreach (var table in (string[])["pumps", "sensors"]) Each(from, table, "id, name, \"check\"", row => TakeName(to, table, row));
        Each(from, "layouts", "id, series", row => TakeLayout(to, row));
        Copy(from, to, "head", "id, pump, layout, at, place, body");
        Copy(from, to, "set_aside", "id, pump, first, last, what, directory, body");
        Each(from, "segments", "id, pump, first, last, polls, first_place, last_place, \"check\", cells, directory, body", row => TakeSegment(to, row));
        foreach (var (engine, pump, place) in Try(() => from.Rows("SELECT engine, pump, place FROM outbox", row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)))) ?? [])
            to.Run("INSERT OR IGNORE INTO outbox (engine, pump, place) VALUES ($0, $1, $2)", engine, pump, place);
    }

    private void TakeSegment(SqliteConnection to, object[] row)
    {
        if (row[9] is byte[] bytes)
        {
            SegmentDirectory directory;
            string[] sensors;
            try
            {
                directory = _coding.ReadDirectory(bytes);
                sensors = SegmentCoding.ReadNames(directory);
            }
            catch (DamagedBlockException)
            {
                _unreadable++;
                return;
            }

            SeriesNames.Add(to, "pumps", (long)row[1], directory.HeatPump);
            for (var index = 0; index < directory.Entries.Length; index++) SeriesNames.Add(to, "sensors", directory.Entries[index].Series, sensors[index]);
            Take(to, new Segment(0, (long)row[1], directory.Times[0], directory.Times[^1], directory.Times.Length, directory.Places.Min(), directory.Places.Max(), row[8] is byte[], true), row);
            return;
        }

        var segment = new Segment(0, (long)row[1], (long)row[2], (long)row[3], (int)(long)row[4], (long)row[5], (long)row[6], row[8] is byte[], false);
        if ((long)row[7] == SegmentTable.CheckOf(segment)) Take(to, segment, row);
        else _unreadable++;
    }

    private void Take(SqliteConnection to, Segment segment, object[] row)
    {
        SegmentTable.Add(to, segment, row[8] as byte[], row[9] as byte[], row[10] as byte[]);
        _segments++;
        _polls += segment.Polls;
    }

    private void TakeName(SqliteConnection to, string table, object[] row)
    {
        if (row is [long id, string name, long check] && check == SeriesNames.CheckOf(id, name)) SeriesNames.Add(to, table, id, name);
        else _unreadable++;
    }

    private void TakeLayout(SqliteConnection to, object[] row)
    {
        if (row is [long, byte[] series] && SeriesNames.IsLayout(series)) to.Run("INSERT OR IGNORE INTO layouts (id, series) VALUES ($0, $1)", row);
        else _unreadable++;
    }

    private void Copy(SqliteConnection from, SqliteConnection to, string table, string columns)
    {
        var names = columns.Split(", ");
        var sql = $"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({string.Join(", ", names.Select((_, index) => "$" + index))})";
        Each(from, table, columns, row => _unreadable += 1 - to.Run(sql, row));
    }

    // Row by row: where one cannot be read, the next numbers are tried.
    private void Each(SqliteConnection from, string table, string columns, Action<object[]> take)
    {
        var last = 0L;
        for (var misses = 0; misses < MostMissesInARow;)
        {
            var after = last;
            var rows = Try(() => from.Rows($"SELECT {columns} FROM {table} WHERE id > $0 ORDER BY id LIMIT 1", Values, after));
            rows ??= Try(() => from.Rows($"SELECT {columns} FROM {table} WHERE id = $0", Values, after + 1));
            if (rows is { Count: 0 } && misses == 0) return;

            // Pages that point in a circle give rows out of their order.
            if (rows is [[long id, ..] row] && id > last)
            {
                take(row);
                (last, misses) = (id, 0);
                continue;
            }

            if (misses++ == 0) _unreadable++;
            last++;
        }
    }

    private static object[] Values(SqliteDataReader row)
    {
        var values = new object[row.FieldCount];
        row.GetValues(values);
        return values;
    }

    private static List<T>? Try<T>(Func<List<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is SqliteException { SqliteErrorCode: SqliteDamage.Corrupt or SqliteDamage.NotADatabase } or InvalidCastException or ArgumentException)
        {
            return null;
        }
    }

    private void Graft(string file)
    {
        var fresh = file + ".fresh";
        try
        {
            new HistoryDatabase(fresh, time).Create();
            SqliteConnection.ClearAllPools();
            using var source = File.OpenRead(fresh);
            using var target = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
            foreach (var number in SchemaPages(fresh))
            {
                var page = new byte[HistoryDatabase.PageSize];
                source.Position = target.Position = (number - 1) * page.Length;
                source.ReadExactly(page);
                if (number == 1)
                {
                    BinaryPrimitives.WriteInt32BigEndian(page.AsSpan(PageCountOffset), (int)(target.Length / page.Length));
                    BinaryPrimitives.WriteInt64BigEndian(page.AsSpan(FreePagesOffset), 0);
                }

                target.Write(page);
            }
        }
        finally
        {
            foreach (var suffix in (string[])["", "-wal", "-shm"]) File.Delete(fresh + suffix);
        }
    }

    // Of a file without rows: all but the tables' own pages and the first map of pages (the second one, https://www.sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages).
    private static List<long> SchemaPages(string fresh)
    {
        using var connection = SqliteFile.Open(fresh, SqliteOpenMode.ReadOnly);
        var others = connection.Rows("SELECT rootpage FROM sqlite_master UNION SELECT 2", row => row.GetInt64(0));
        return [.. Enumerable.Range(1, (int)SqliteFile.Number(connection, "PRAGMA page_count")).Select(page => (long)page).Except(others)];
    }
}
