using System.Globalization;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.Storage;

/// <summary>What both files have in common: how a path becomes a connection, and how a file is looked at that may not be ours.</summary>
internal static class SqliteFile
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Takes paths with any characters, which a connection string put together by hand does not.</summary>
    public static string ConnectionString(string file, SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = mode,
        Pooling = pooling,
        ForeignKeys = true,
    }.ConnectionString;

    public static SqliteConnection Open(string file, SqliteOpenMode mode, bool pooling = false) => Opened(ConnectionString(file, mode, pooling));

    /// <summary>
    /// Opens a file that may have to be refused. Neither it nor its write-ahead log is changed. A file without changes in a log is read as
    /// immutable, so that nothing appears beside it either; else SQLite needs its lock file (<c>-shm</c>, which holds nothing to keep).
    /// </summary>
    public static SqliteConnection OpenToLook(string file)
    {
        var hasLog = new FileInfo(file + "-wal") is { Exists: true, Length: > 0 } || File.Exists(file + "-journal");
        if (hasLog) return Open(file, SqliteOpenMode.ReadOnly);
        var path = string.Join('/', Path.GetFullPath(file).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
        return Open($"file:///{path.TrimStart('/')}?immutable=1", SqliteOpenMode.ReadOnly);
    }

    /// <summary>Whether there are tables other than SQLite's own.</summary>
    public static bool HasTables(SqliteConnection connection) =>
        Number(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'") > 0;

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Closes the connections that wait for their next use. The last one to be closed moves the log's changes into the file.</summary>
    public static void ClosePool(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    public static StorageException Newer(string file, string version, string known) => new(
        $"{file} was written by a newer version of HPManager ({version}; this one knows up to {known}). " +
        "It was not touched. Start the newer version, or move the file away to begin anew.");

    public static StorageException NotOurs(string file) =>
        new($"{file} is a database of another program. It was not touched. Move it away, or set {DataFolderKey} to another folder.");

    public static StorageException Unusable(string file, SqliteException fault, string advice) => fault.SqliteErrorCode is Corrupt or NotADatabase
        ? Damaged(file, fault.Message, advice, fault)
        : new StorageException($"{file} cannot be opened: {fault.Message}", fault);

    public static StorageException Damaged(string file, string reason, string advice, Exception? inner = null) =>
        new($"{file} is damaged ({reason}). It was not touched. {advice}", inner);

    private static string DataFolderKey => $"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)}";

    private static SqliteConnection Opened(string connectionString)
    {
        SqliteEngine.Prepare();
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
