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

/// <summary>Segments in the file. One user of a connection at a time.</summary>
internal sealed class SegmentTable(SqliteConnection connection, SeriesNames names, DamageList damage)
{
    private const string Columns = "id, pump, first, last, polls, first_place, last_place, cells IS NOT NULL, body IS NOT NULL";

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

    /// <summary>What reads cells.</summary>
    public CellReader OpenCells() => new(connection, names, damage);

    /// <summary>Adds the row of a segment; its number is given by the file.</summary>
    public static void Add(SqliteConnection connection, Segment segment, byte[]? cells, byte[]? directory, byte[]? body) => connection.Run(
        """
        INSERT INTO segments (pump, first, last, polls, first_place, last_place, "check", cells, directory, body)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        segment.Pump,
        segment.First,
        segment.Last,
        segment.Polls,
        segment.FirstPlace,
        segment.LastPlace,
        CheckOf(segment),
        cells ?? (object)DBNull.Value,
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
        connection.Rows("SELECT coalesce(length(directory) + length(body), 0) + coalesce(length(cells), 0) FROM segments WHERE id = $0", row => row.GetInt64(0), segment.Id)[0];

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
    }

    /// <summary>Lets the readings of a segment go; its aggregates stay.</summary>
    public void DropBody(Segment segment)
    {
        using var cells = OpenCells();
        if (!segment.HasCells || cells.Read(segment, []) is null)
            connection.Run("UPDATE segments SET cells = $1 WHERE id = $0", segment.Id, _cells.Write(segment.Pump, segment.First, Polls(segment, series: null)));
        connection.Run("UPDATE segments SET \"check\" = $1, directory = NULL, body = NULL WHERE id = $0", segment.Id, CheckOf(segment with { HasCells = true }));
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
        var (directory, body) = _coding.Write(names.PumpOf(pump).Value, polls, series => names.SensorOf(series).Value);
        var isLong = polls.Count >= Segment.LongFrom;
        Add(
            connection,
            new Segment(0, pump, polls.Times[0], polls.Times[^1], polls.Count, polls.Places.Min(), polls.Places.Max(), isLong, HasBody: true),
            isLong ? _cells.Write(pump, polls.Times[0], polls) : null,
            directory,
            body);
    }

    private void ReadFromWhole(Segment segment, SegmentDirectory directory, SegmentEntry[] wanted, List<SeriesColumn> columns)
    {
        var body = connection.Rows("SELECT body FROM segments WHERE id = $0", row => row.GetFieldValue<byte[]>(0), segment.Id)[0];
        foreach (var entry in wanted) Add(segment, directory, entry, entry.IsInBody ? body.AsSpan(entry.Offset, entry.Length) : entry.Content.Span, columns);
    }

    private void ReadPieces(Segment segment, SegmentDirectory directory, SegmentEntry[] wanted, List<SeriesColumn> columns)
    {
        using var body = new SqliteBlob(connection, "segments", "body", segment.Id, readOnly: true);
        foreach (var entry in wanted)
        {
            if (!entry.IsInBody)
            {
                Add(segment, directory, entry, entry.Content.Span, columns);
                continue;
            }

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
