using Microsoft.Data.Sqlite;

namespace HPManager.Tests.Core.Storage;

/// <summary>A database as a process leaves it that is killed: what was changed is still in the write-ahead log alone.</summary>
internal static class CrashImage
{
    /// <summary>Changes the database, or makes it, and leaves the changes in its log.</summary>
    public static void Make(string file, string sql)
    {
        var copy = file + ".killed";
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + sql;
            command.ExecuteNonQuery();
            File.Copy(file, copy);
            File.Copy(file + "-wal", copy + "-wal");
        }

        File.Move(copy, file, overwrite: true);
        File.Move(copy + "-wal", file + "-wal", overwrite: true);
    }
}
