using HPManager.Core.History.Embedded.Coding;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>A sealed stretch of a heat pump's polls, as its row tells. Moments are inclusive.</summary>
internal sealed record Segment(long Id, long Pump, long First, long Last, int Polls, long FirstPlace, long LastPlace, bool HasCells, bool HasBody)
{
    /// <summary>From so many polls on a segment is long: it has cells and is not joined with others any more.</summary>
    public const int LongFrom = 4096;

    /// <summary>At most so many polls in one.</summary>
    public const int Most = 12_288;

    /// <summary>
    /// Polls further apart than this, in milliseconds, are in different segments: one that spans years because a clock was wrong for a minute would be written anew for every poll of
    /// these years.
    /// </summary>
    public const long Leap = 30 * 24 * 3_600_000L;

    public bool IsLong => Polls >= LongFrom;
}

/// <summary>Segments and their cells in the file. One user of a connection at a time.</summary>
internal sealed class SegmentTable(SqliteConnection connection, SeriesNames names, DamageList damage)
{
    private const string Columns = "id, pump, first, last, polls, first_place, last_place, has_cells, body IS NOT NULL";

    // Beyond this share of the series the whole body is read at once.
    private const int PiecesShare = 3;

    private readonly SegmentCoding _coding = new();
    private readonly CellCoding _cells = new();

    public List<Segment> Overlapping(long pump, long from, long to)
    {
        // Segments do not overlap, so only the last one that begins before the range can reach into it.
        var found = connection.Rows($"SELECT {Columns} FROM segments WHERE pump = $0 AND first < $1 ORDER BY first DESC LIMIT 1", Read, pump, from);
        found.RemoveAll(segment => segment.Last < from);
        found.AddRange(connection.Rows($"SELECT {Columns} FROM segments WHERE pump = $0 AND first >= $1 AND first < $2 ORDER BY first", Read, pump, from, to));
        return found;
    }

    /// <summary>The next segment that ends at or behind a moment and begins before another; null when there is none.</summary>
    public Segment? Next(long pump, long from, long to)
    {
        var reaching = connection.Rows($"SELECT {Columns} FROM segments WHERE pump = $0 AND first <= $1 ORDER BY first DESC LIMIT 1", Read, pump, from);
        if (reaching.Count > 0 && reaching[0].Last >= from) return reaching[0];
        return connection.Rows($"SELECT {Columns} FROM segments WHERE pump = $0 AND first > $1 AND first < $2 ORDER BY first LIMIT 1", Read, pump, from, to).FirstOrDefault();
    }

    public List<Segment> All(long pump) => connection.Rows($"SELECT {Columns} FROM segments WHERE pump = $0 ORDER BY first", Read, pump);

    /// <summary>Segments with a body and polls that arrived behind a place, and at or before another.</summary>
    public List<Segment> ArrivedBetween(long pump, long behind, long upto) => connection.Rows(
        $"SELECT {Columns} FROM segments WHERE pump = $0 AND last_place > $1 AND first_place <= $2 AND body IS NOT NULL ORDER BY first_place", Read, pump, behind, upto);

    /// <summary>The polls of a segment. What is damaged is noted and left out.</summary>
    /// <param name="segment">One with a body.</param>
    /// <param name="series">Which series, in their order; null for all.</param>
    public PollColumns Polls(Segment segment, IReadOnlyList<long>? series)
    {
        if (Directory(segment) is not { } directory) return PollColumns.Empty;
        var wanted = series is null ? directory.Entries : [.. series.SelectMany(one => directory.Entries.Where(entry => entry.Series == one))];
        var columns = new List<SeriesColumn>(wanted.Length);
        try
        {
            if (wanted.Length * PiecesShare > directory.Entries.Length) ReadFromWhole(segment, directory, wanted, columns);
            else if (wanted.Length > 0) ReadPieces(segment, directory, wanted, columns);
        }
        catch (Exception fault) when (fault is ArgumentOutOfRangeException or SqliteException { SqliteErrorCode: SqliteDamage.Corrupt } or IOException)
        {
            damage.Note(segment, names.PumpOf(segment.Pump), $"the readings of {segment.Polls} polls ({fault.Message})");
        }

        return new PollColumns(directory.Times, directory.Places, columns);
    }

    /// <summary>What a segment's directory tells; null when it is damaged.</summary>
    public SegmentDirectory? Directory(Segment segment)
    {
        try
        {
            var bytes = connection.Rows("SELECT directory FROM segments WHERE id = $0", row => row.GetFieldValue<byte[]>(0), segment.Id);
            var directory = _coding.ReadDirectory(bytes[0]);
            return IsOf(directory, segment) ? directory : throw new DamagedBlockException("it belongs elsewhere");
        }
        catch (Exception fault) when (fault is DamagedBlockException or SqliteException { SqliteErrorCode: SqliteDamage.Corrupt })
        {
            damage.Note(segment, names.PumpOf(segment.Pump), $"all readings of {segment.Polls} polls ({fault.Message})");
            return null;
        }
    }

    /// <summary>The cells of some series whose segments begin in a range, by series and the segment's first moment.</summary>
    public Dictionary<(long Series, long First), Cell[]> Cells(long pump, IEnumerable<long> series, long from, long to)
    {
        var cells = new Dictionary<(long, long), Cell[]>();
        using var command = connection.Command("SELECT first, body FROM cells WHERE series = $0 AND first >= $1 AND first < $2", 0L, from, to);
        foreach (var one in series)
        {
            command.Parameters[0].Value = one;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var first = reader.GetInt64(0);
                try
                {
                    cells[(one, first)] = _cells.Read(one, first, reader.GetFieldValue<byte[]>(1));
                }
                catch (DamagedBlockException fault)
                {
                    damage.Note(names.PumpOf(pump), first, first, $"aggregates of {names.SensorOf(one)} ({fault.Message})");
                }
            }
        }

        return cells;
    }

    /// <summary>Adds the row of a segment; its number is given by the file.</summary>
    public static void Add(SqliteConnection connection, Segment segment, byte[]? directory, byte[]? body) => connection.Run(
        """
        INSERT INTO segments (pump, first, last, polls, first_place, last_place, has_cells, "check", directory, body)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        segment.Pump,
        segment.First,
        segment.Last,
        segment.Polls,
        segment.FirstPlace,
        segment.LastPlace,
        segment.HasCells ? 1 : 0,
        CheckOf(segment),
        directory ?? (object)DBNull.Value,
        body ?? (object)DBNull.Value);

    /// <summary>Whether every row tells what was written.</summary>
    /// <exception cref="SqliteException">One does not.</exception>
    public static void CheckRows(SqliteConnection connection)
    {
        foreach (var (segment, check) in connection.Rows($"SELECT {Columns}, \"check\" FROM segments NOT INDEXED", row => (Read(row), row.GetInt64(9))))
        {
            if (check != CheckOf(segment)) throw new SqliteException("a segment's checksum is wrong", SqliteDamage.Corrupt);
        }
    }

    public static long CheckOf(Segment segment) =>
        Checksum.Of(segment.Pump, segment.First, segment.Last, segment.Polls, segment.FirstPlace, segment.LastPlace, segment.HasCells ? 1 : 0);

    /// <summary>What a segment takes on disk.</summary>
    public long BytesOf(Segment segment) =>
        connection.Rows("SELECT coalesce(length(directory) + length(body), 0) FROM segments WHERE id = $0", row => row.GetInt64(0), segment.Id)[0];

    /// <summary>Seals polls, cut into segments that are not too long and do not span a leap.</summary>
    public void Insert(long pump, PollColumns polls)
    {
        for (int first = 0, end; first < polls.Count; first = end)
        {
            end = first + 1;
            while (end < polls.Count && polls.Times[end] - polls.Times[end - 1] <= Segment.Leap) end++;
            InsertParts(pump, polls.Slice(first, end - first));
        }
    }

    /// <summary>Takes a segment away, when its polls are kept elsewhere. What is damaged of it is kept aside.</summary>
    public void Delete(Segment segment)
    {
        if (damage.Of(names.PumpOf(segment.Pump), segment.First) is { } what)
        {
            connection.Run(
                "INSERT INTO set_aside (pump, first, last, what, directory, body) SELECT pump, first, last, $1, directory, body FROM segments WHERE id = $0",
                segment.Id,
                what);
        }

        connection.Run("DELETE FROM segments WHERE id = $0", segment.Id);
        if (segment.HasCells) DeleteCells(segment);
    }

    /// <summary>Lets the readings of a segment go; its aggregates stay.</summary>
    public void DropBody(Segment segment)
    {
        if (!segment.HasCells)
        {
            var polls = Polls(segment, series: null);
            InsertCells(polls, segment.First, forms: null);
        }

        connection.Run(
            "UPDATE segments SET has_cells = 1, \"check\" = $1, directory = NULL, body = NULL WHERE id = $0", segment.Id, CheckOf(segment with { HasCells = true }));
    }

    private bool IsOf(SegmentDirectory directory, Segment segment) =>
        directory.Times.Length == segment.Polls && directory.Times[0] == segment.First && directory.Times[^1] == segment.Last && directory.HeatPump == names.PumpOf(segment.Pump).Value;

    private void InsertParts(long pump, PollColumns polls)
    {
        var parts = (polls.Count + Segment.Most - 1) / Segment.Most;
        for (var part = 0; part < parts; part++)
        {
            var first = (int)((long)polls.Count * part / parts);
            InsertOne(pump, polls.Slice(first, (int)((long)polls.Count * (part + 1) / parts) - first));
        }
    }

    private void InsertOne(long pump, PollColumns polls)
    {
        var (directory, body, forms) = _coding.Write(names.PumpOf(pump).Value, polls, series => names.SensorOf(series).Value);
        var isLong = polls.Count >= Segment.LongFrom;
        Add(
            connection,
            new Segment(0, pump, polls.Times[0], polls.Times[^1], polls.Count, polls.Places.Min(), polls.Places.Max(), isLong, HasBody: true),
            directory,
            body);
        if (isLong) InsertCells(polls, polls.Times[0], forms);
    }

    private void InsertCells(PollColumns polls, long first, DecimalForm?[]? forms)
    {
        using var command = connection.Command("INSERT OR REPLACE INTO cells (series, first, body) VALUES ($0, $1, $2)", 0L, first, Array.Empty<byte>());
        for (var index = 0; index < polls.Series.Count; index++)
        {
            var cells = CellCoding.Aggregate(polls.Times, polls.Series[index]);
            if (cells.Count == 0) continue;
            command.Parameters[0].Value = polls.Series[index].Series;
            command.Parameters[2].Value = _cells.Write(polls.Series[index].Series, first, cells, forms?[index]);
            command.ExecuteNonQuery();
        }
    }

    private void DeleteCells(Segment segment) => connection.Run(
        "DELETE FROM cells WHERE first = $0 AND series IN (SELECT id FROM series WHERE pump = $1)", segment.First, segment.Pump);

    private void ReadFromWhole(Segment segment, SegmentDirectory directory, SegmentEntry[] wanted, List<SeriesColumn> columns)
    {
        var body = connection.Rows("SELECT body FROM segments WHERE id = $0", row => row.GetFieldValue<byte[]>(0), segment.Id)[0];
        foreach (var entry in wanted) Add(segment, directory, entry, body.AsSpan(entry.Offset, entry.Length), columns);
    }

    private void ReadPieces(Segment segment, SegmentDirectory directory, SegmentEntry[] wanted, List<SeriesColumn> columns)
    {
        using var body = new SqliteBlob(connection, "segments", "body", segment.Id, readOnly: true);
        foreach (var entry in wanted)
        {
            var bytes = new byte[entry.Length];
            body.Position = entry.Offset;
            body.ReadExactly(bytes);
            Add(segment, directory, entry, bytes, columns);
        }
    }

    private void Add(Segment segment, SegmentDirectory directory, SegmentEntry entry, ReadOnlySpan<byte> bytes, List<SeriesColumn> columns)
    {
        try
        {
            columns.Add(_coding.ReadSeries(bytes, entry, directory.Times.Length));
        }
        catch (DamagedBlockException fault)
        {
            damage.Note(segment, names.PumpOf(segment.Pump), $"{names.SensorOf(entry.Series)} ({fault.Message})");
        }
    }

    private static Segment Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetInt32(4),
        row.GetInt64(5),
        row.GetInt64(6),
        row.GetBoolean(7),
        row.GetBoolean(8));
}
