using System.Buffers.Binary;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// The history's file: its format, and connections to it. Thread-safe. Format 2, times in Unix milliseconds; whatever tells whose a reading is and when it was, has a checksum:
/// <list type="bullet">
/// <item><c>pumps</c> and <c>sensors</c> give heat pumps and sensors numbers; <c>layouts</c> gives one to each set of sensors that a poll had.</item>
/// <item><c>head</c> has a row per poll that is not sealed yet (<see cref="HeadPoll"/>).</item>
/// <item><c>segments</c> has a row per sealed stretch of a heat pump's polls, which never overlap: the aggregates of its hours when it is long (<see cref="CellCoding"/>), and its readings
/// (<see cref="SegmentCoding"/>) unless only the aggregates are kept.</item>
/// <item><c>outbox</c> tells up to which place an engine has the polls of a heat pump.</item>
/// <item><c>set_aside</c> names what could not be read any more, and keeps the bytes.</item>
/// </list>
/// </summary>
internal sealed class HistoryDatabase
{
    public const int Format = 2;

    /// <summary>Bytes of a page of the file.</summary>
    public const int PageSize = 1024;

    // "HPMH", in the file's header.
    private const int ApplicationId = 0x48504D48;
    private const int ApplicationIdOffset = 68;

    private const string Schema = """
        CREATE TABLE pumps (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          "check" INTEGER NOT NULL);
        CREATE TABLE sensors (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          "check" INTEGER NOT NULL);
        CREATE TABLE layouts (
          id INTEGER PRIMARY KEY,
          series BLOB NOT NULL);
        CREATE TABLE head (
          id INTEGER PRIMARY KEY,
          pump INTEGER NOT NULL,
          layout INTEGER NOT NULL,
          at INTEGER NOT NULL,
          place INTEGER NOT NULL,
          body BLOB NOT NULL);
        CREATE TABLE segments (
          id INTEGER PRIMARY KEY,
          pump INTEGER NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          polls INTEGER NOT NULL,
          first_place INTEGER NOT NULL,
          last_place INTEGER NOT NULL,
          "check" INTEGER NOT NULL,
          cells BLOB,
          directory BLOB,
          body BLOB);
        CREATE TABLE outbox (
          engine TEXT NOT NULL,
          pump INTEGER NOT NULL,
          place INTEGER NOT NULL,
          PRIMARY KEY (engine, pump)) WITHOUT ROWID;
        CREATE TABLE set_aside (
          id INTEGER PRIMARY KEY,
          pump INTEGER NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          what TEXT NOT NULL,
          directory BLOB,
          body BLOB);
        CREATE UNIQUE INDEX segments_in_time ON segments (pump, first);
        """;

    private static readonly string Pages = $"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL;";
    private static readonly Lazy<List<(string Name, long Page, string Sql)>> Expected = new(static () =>
    {
        using var fresh = SqliteFile.Open(":memory:", SqliteOpenMode.Memory);
        SqliteFile.Execute(fresh, Pages + Schema);
        return PartsOf(fresh);
    });

    private readonly string _file;
    private readonly TimeProvider _time;

    public HistoryDatabase(string file, TimeProvider time) => (_file, _time) = (file, time);

    public string File => _file;

    /// <summary>
    /// Opens the file, making it when it is missing. One of ours that is damaged is put aside, and what can be read of it is taken over into a new one.
    /// </summary>
    /// <returns>What became of a damaged file, in words; null when it was intact.</returns>
    /// <exception cref="StorageException">The file is of a newer format, of another program, or no database of ours; it was not touched.</exception>
    public string? Prepare()
    {
        try
        {
            if (System.IO.File.Exists(_file) && Check() == FormatOne.Format) FormatOne.TakeOver(_file, _time);
            Create();
            return null;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is SqliteDamage.Corrupt or SqliteDamage.NotADatabase && IsOurs())
        {
            return Repair();
        }
        catch (SqliteException fault)
        {
            throw SqliteFile.Unusable(_file, fault, "Move it away to begin a new history.");
        }
    }

    /// <summary>Puts the file aside and takes over what can be read of it. No connection may be open.</summary>
    /// <returns>What became of it, in words.</returns>
    public string Repair() => new HistoryRepair(this, _time).Run();

    /// <summary>Makes the tables of a new file.</summary>
    public void Create()
    {
        using var connection = OpenForWriting();
        if (SqliteFile.Number(connection, "PRAGMA user_version") == Format) return;
        connection.InTransaction(() => SqliteFile.Execute(connection, Schema + $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Format};"));
    }

    /// <summary>A connection whose commits survive a power cut.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = SqliteFile.Open(_file, SqliteOpenMode.ReadWriteCreate);

        // The pages are set for a new file only: each row and table wastes half a page or so, and a commit of a few hundred bytes writes whole pages; what is no longer needed can be given
        // back. The log is moved into the file rarely: pages of the head change with every commit, and are gone again when it is sealed.
        SqliteFile.Execute(
            connection,
            Pages + "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 16777216;");
        return connection;
    }

    /// <summary>A connection for one question; readers do not wait for the writer.</summary>
    public SqliteConnection OpenForReading() => SqliteFile.Open(_file, SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>
    /// A connection that does nothing but be there: with the last one SQLite closes its log, and to open it again there must be room on the disk, also for those who only read.
    /// </summary>
    public SqliteConnection OpenToHold()
    {
        var connection = SqliteFile.Open(_file, SqliteOpenMode.ReadOnly);
        SqliteFile.Number(connection, "SELECT count(*) FROM sqlite_master");
        return connection;
    }

    /// <summary>Closes the readers that wait for the next question, so that the writer, closed behind them, leaves one whole file.</summary>
    public void CloseReaders() => SqliteFile.ClosePool(SqliteFile.ConnectionString(_file, SqliteOpenMode.ReadOnly, pooling: true));

    /// <summary>Whether tables and index are as they were made, on the pages where they were made. Tables are made first, so that a copy has them there too.</summary>
    public static bool HasSchema(SqliteConnection connection) => PartsOf(connection).SequenceEqual(Expected.Value);

    private static List<(string Name, long Page, string Sql)> PartsOf(SqliteConnection connection) =>
        connection.Rows("SELECT name, rootpage, sql FROM sqlite_master ORDER BY name", row => (row.GetString(0), row.GetInt64(1), row.GetString(2)));

    // Everything but the readings themselves is looked through, which have checksums of their own.
    private int Check()
    {
        using var connection = SqliteFile.OpenToLook(_file);
        var format = SqliteFile.Number(connection, "PRAGMA user_version");
        if (format > Format) throw SqliteFile.Newer(_file, $"format {format}", $"format {Format}");
        if (format < FormatOne.Format && SqliteFile.HasTables(connection)) throw SqliteFile.NotOurs(_file);
        if (format < Format) return (int)format;
        if (!HasSchema(connection)) throw new SqliteException("its tables are not as they were made", SqliteDamage.Corrupt);
        new SeriesNames().Load(connection);
        foreach (var table in (string[])["outbox", "head", "set_aside"]) SqliteFile.Number(connection, $"SELECT count(*) FROM {table} NOT INDEXED");
        SegmentTable.CheckRows(connection);
        if (SqliteFile.Number(connection, "SELECT count(*) FROM segments WHERE pump NOT IN (SELECT id FROM pumps)") > 0) throw new SqliteException("a heat pump's name is lost", SqliteDamage.Corrupt);
        SqliteFile.Number(connection, "SELECT coalesce(sum(first), 0) FROM segments INDEXED BY segments_in_time WHERE pump >= 0");
        return Format;
    }

    // The magic text in front or the application's mark: damage rarely hits both, and another program's file has the first only.
    private bool IsOurs()
    {
        var header = new byte[100];
        using var stream = System.IO.File.OpenRead(_file);
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return false;
        return BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdOffset)) == ApplicationId;
    }
}
