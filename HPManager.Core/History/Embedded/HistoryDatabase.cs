using System.Globalization;
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
    /// <exception cref="StorageException">The file is of a newer format, or no database; it was not touched.</exception>
    public void Prepare()
    {
        SqliteEngine.Prepare();
        try
        {
            if (File.Exists(_file)) CheckFormat();
            using var connection = OpenForWriting();
            if (Number(connection, "PRAGMA user_version") == Format) return;
            using var transaction = connection.BeginTransaction();
            Execute(connection, Schema + $"PRAGMA user_version = {Format};");
            transaction.Commit();
        }
        catch (SqliteException fault)
        {
            throw new StorageException($"{_file} is no intact history ({fault.Message}). It was not touched; move it away to begin a new one.", fault);
        }
    }

    /// <summary>A connection whose commits survive a power cut.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false }.ConnectionString);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        return connection;
    }

    /// <summary>A connection for one question; readers do not wait for the writer.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = SqliteOpenMode.ReadOnly }.ConnectionString);
        connection.Open();
        return connection;
    }

    private void CheckFormat()
    {
        using var connection = OpenForReading();
        var format = Number(connection, "PRAGMA user_version");
        if (format > Format)
        {
            throw new StorageException(
                $"{_file} was written by a newer version of HPManager (format {format}; this one knows {Format}). It was not touched. " +
                "Start the newer version, or move the file away to begin a new history.");
        }
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
