using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// The history's file: its format, and connections to it. Format 1: <c>series</c> names a sensor of a heat pump by a number; <c>polls</c> has a row per poll;
/// <c>points</c> has a row per reading with a value, clustered by series and time, so that a sensor's range is one run of pages. Times are Unix
/// milliseconds. A reading without a value has no row. Thread-safe.
/// </summary>
internal sealed class HistoryDatabase
{
    public const int Format = 1;

    private const string Schema = """
        CREATE TABLE series (
          id INTEGER PRIMARY KEY,
          heatpump_id TEXT NOT NULL,
          sensor TEXT NOT NULL,
          UNIQUE (heatpump_id, sensor));
        CREATE TABLE polls (
          heatpump_id TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (heatpump_id, at)) WITHOUT ROWID;
        CREATE TABLE points (
          series_id INTEGER NOT NULL,
          at INTEGER NOT NULL,
          value REAL NOT NULL,
          implausible INTEGER NOT NULL,
          PRIMARY KEY (series_id, at)) WITHOUT ROWID;
        """;

    private readonly string _file;

    public HistoryDatabase(string file) => _file = file;

    /// <summary>Opens the file, making it when it is missing.</summary>
    /// <exception cref="StorageException">The file is of a newer format, of another program, or no intact database; it was not touched.</exception>
    public void Prepare()
    {
        try
        {
            if (File.Exists(_file)) CheckFormat();
            using var connection = OpenForWriting();
            if (SqliteFile.Number(connection, "PRAGMA user_version") == Format) return;
            using var transaction = connection.BeginTransaction();
            SqliteFile.Execute(connection, Schema + $"PRAGMA user_version = {Format};");
            transaction.Commit();
        }
        catch (SqliteException fault)
        {
            throw SqliteFile.Unusable(_file, fault, "Move it away to begin a new history.");
        }
    }

    /// <summary>A connection whose commits survive a power cut.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = SqliteFile.Open(_file, SqliteOpenMode.ReadWriteCreate);
        SqliteFile.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        return connection;
    }

    /// <summary>A connection for one question; readers do not wait for the writer.</summary>
    public SqliteConnection OpenForReading() => SqliteFile.Open(_file, SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Closes the readers that wait for the next question, so that the writer, closed behind them, leaves one whole file.</summary>
    public void CloseReaders() => SqliteFile.ClosePool(SqliteFile.ConnectionString(_file, SqliteOpenMode.ReadOnly, pooling: true));

    private void CheckFormat()
    {
        using var connection = SqliteFile.OpenToLook(_file);
        var format = SqliteFile.Number(connection, "PRAGMA user_version");
        if (format > Format) throw SqliteFile.Newer(_file, $"format {format}", $"format {Format}");
        if (format < Format && SqliteFile.HasTables(connection)) throw SqliteFile.NotOurs(_file);
    }
}
