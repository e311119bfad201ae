using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Core.Storage;

/// <summary>
/// Brings the configuration's file to this version before anything else starts. An existing file is copied aside before it is migrated; a file of
/// a newer version, of another program, or one that is no intact database, is refused and not touched. The last to stop, it leaves one whole file
/// behind.
/// </summary>
internal sealed partial class ConfigurationDatabase(
    IOptions<StorageOptions> options, IDbContextFactory<HPManagerContext> contexts, TimeProvider time, ILogger<ConfigurationDatabase> logger)
    : IHostedService, IPreparedStorage, IDisposable
{
    // What SQLite needs beside its files to open them at all. Without it SQLite would speak of an I/O error where the disk is full.
    private const int LeastRoom = 256 * 1024;

    private readonly StorageOptions _options = options.Value;
    private bool _isPrepared;

    // With its last connection SQLite closes its log, and to open it again there must be room on the disk, also for those who only read.
    private SqliteConnection? _held;

    /// <summary>A connection of the pool that all contexts use.</summary>
    public static string ConnectionString(StorageOptions options) =>
        SqliteFile.ConnectionString(options.ConfigurationFile, SqliteOpenMode.ReadWriteCreate, pooling: true);

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared) return;
        SqliteEngine.LogVersion(logger);
        MakeFolder();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = context.Database.GetMigrations().ToList();
        var applied = File.Exists(_options.ConfigurationFile) ? ReadApplied(known) : [];
        var isPending = applied.Count < known.Count;
        if (isPending && applied.Count > 0) PutCopyAside(applied[^1]);
        try
        {
            // A file that was put back from a copy, or whose making was cut short, has no write-ahead log yet.
            using (var connection = SqliteFile.Open(_options.ConfigurationFile, SqliteOpenMode.ReadWriteCreate))
                SqliteFile.Execute(connection, "PRAGMA journal_mode = WAL");
            if (isPending) await context.Database.MigrateAsync(cancellationToken);
        }
        catch (SqliteException fault)
        {
            throw new StorageException(
                $"{_options.ConfigurationFile} cannot be brought to this version: {fault.Message}. Copies from before lie in {_options.BackupFolder}.", fault);
        }

        if (isPending) Log.Migrated(logger, _options.ConfigurationFile, known[^1]);
        _held = SqliteFile.Open(_options.ConfigurationFile, SqliteOpenMode.ReadWrite);
        SqliteFile.Number(_held, "SELECT count(*) FROM sqlite_master");
        _isPrepared = true;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        SqliteFile.ClosePool(ConnectionString(_options));
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _held?.Dispose();
        _held = null;
    }

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(_options.DataFolder);
            Probe(Path.Combine(_options.DataFolder, ".writable"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StorageException(
                $"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)} is '{_options.DataFolder}', which cannot be written: {fault.Message}", fault);
        }
    }

    private static void Probe(string file)
    {
        try
        {
            File.WriteAllBytes(file, new byte[LeastRoom]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private List<string> ReadApplied(List<string> known)
    {
        var advice = $"Copies from before each update lie in {_options.BackupFolder}.";
        try
        {
            using var connection = SqliteFile.OpenToLook(_options.ConfigurationFile);
            if (IntegrityVerdict(connection) is var verdict and not "ok") throw SqliteFile.Damaged(_options.ConfigurationFile, verdict, advice);
            if (SqliteFile.Number(connection, "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'") == 0)
                return SqliteFile.HasTables(connection) ? throw SqliteFile.NotOurs(_options.ConfigurationFile) : [];

            // A later version that cannot be read by this one may raise the number without adding a migration. So far it is 0.
            var format = SqliteFile.Number(connection, "PRAGMA user_version");
            if (format > 0) throw SqliteFile.Newer(_options.ConfigurationFile, $"format {format}", "format 0");
            var applied = Migrations(connection);
            return applied.Except(known).Order(StringComparer.Ordinal).LastOrDefault() is { } newer
                ? throw SqliteFile.Newer(_options.ConfigurationFile, newer, known[^1])
                : applied;
        }
        catch (SqliteException fault)
        {
            throw SqliteFile.Unusable(_options.ConfigurationFile, fault, advice);
        }
    }

    private static string IntegrityVerdict(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        return command.ExecuteScalar() as string ?? "no verdict";
    }

    private static List<string> Migrations(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
        using var reader = command.ExecuteReader();
        var applied = new List<string>();
        while (reader.Read()) applied.Add(reader.GetString(0));
        return applied;
    }

    private void PutCopyAside(string version)
    {
        try
        {
            Directory.CreateDirectory(_options.BackupFolder);
            var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            var copy = Path.Combine(_options.BackupFolder, $"hpmanager-{version}-{stamp}.db");

            // Under another name until it is whole and on the disk: what is called a copy is one, whenever the power fails.
            var unfinished = copy + ".part";
            File.Delete(unfinished);
            using (var connection = SqliteFile.Open(_options.ConfigurationFile, SqliteOpenMode.ReadWrite))
            using (var command = connection.CreateCommand())
            {
                command.CommandText = "VACUUM INTO $copy";
                command.Parameters.AddWithValue("$copy", unfinished);
                command.ExecuteNonQuery();
            }

            using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            File.Move(unfinished, copy, overwrite: true);
            Log.CopiedAside(logger, copy);
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"{_options.ConfigurationFile} has to be updated, but no copy can be put aside in {_options.BackupFolder}: {fault.Message}. It was not updated.",
                fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "{File} is now at {Version}")]
        public static partial void Migrated(ILogger logger, string file, string version);

        [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "The configuration as it was is kept in {File}")]
        public static partial void CopiedAside(ILogger logger, string file);
    }
}
