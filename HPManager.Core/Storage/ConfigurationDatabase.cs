using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Core.Storage;

/// <summary>
/// Brings the configuration's file to this version before anything else starts. An existing file is copied aside before it is migrated; a file of
/// a newer version, or one that is no intact database, is refused and not touched.
/// </summary>
internal sealed partial class ConfigurationDatabase(
    IOptions<StorageOptions> options, IDbContextFactory<HPManagerContext> contexts, TimeProvider time, ILogger<ConfigurationDatabase> logger)
    : IHostedService, IPreparedStorage
{
    private readonly StorageOptions _options = options.Value;
    private bool _isPrepared;

    public Task StartAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared) return;
        SqliteEngine.LogVersion(logger);
        MakeFolder();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = context.Database.GetMigrations().ToList();
        var exists = File.Exists(_options.ConfigurationFile);
        var applied = exists ? ReadApplied() : [];
        if (applied.Except(known).Order(StringComparer.Ordinal).LastOrDefault() is { } newer)
        {
            throw new StorageException(
                $"{_options.ConfigurationFile} was written by a newer version of HPManager ({newer}; this one knows up to {known[^1]}). " +
                "It was not touched. Start the newer version, or move the file away to begin anew.");
        }

        if (applied.Count < known.Count)
        {
            if (applied.Count > 0) PutCopyAside(applied[^1]);
            await context.Database.MigrateAsync(cancellationToken);
            Log.Migrated(logger, _options.ConfigurationFile, known[^1]);
        }

        _isPrepared = true;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(_options.DataFolder);
            var probe = Path.Combine(_options.DataFolder, ".writable");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StorageException(
                $"{StorageOptions.Section}:{nameof(StorageOptions.DataFolder)} is '{_options.DataFolder}', which cannot be written: {fault.Message}", fault);
        }
    }

    private List<string> ReadApplied()
    {
        try
        {
            // Without a write-ahead log the file is read as immutable, so that not even a lock file appears beside a file that will be refused.
            var log = new FileInfo(_options.ConfigurationFile + "-wal");
            var source = log is { Exists: true, Length: > 0 }
                ? new SqliteConnectionStringBuilder { DataSource = _options.ConfigurationFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }
                : new SqliteConnectionStringBuilder { DataSource = $"{new Uri(_options.ConfigurationFile)}?immutable=1", Pooling = false };
            using var connection = new SqliteConnection(source.ConnectionString);
            connection.Open();
            CheckIntegrity(connection);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
            if (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) == 0) return [];
            command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
            using var reader = command.ExecuteReader();
            var applied = new List<string>();
            while (reader.Read()) applied.Add(reader.GetString(0));
            return applied;
        }
        catch (SqliteException fault)
        {
            throw Damaged(fault.Message, fault);
        }
    }

    private void CheckIntegrity(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is string verdict && verdict != "ok") throw Damaged(verdict, null);
    }

    private StorageException Damaged(string reason, Exception? inner) => new(
        $"{_options.ConfigurationFile} is damaged ({reason}). It was not touched. Copies from before each update lie in {_options.BackupFolder}.", inner);

    private void PutCopyAside(string version)
    {
        Directory.CreateDirectory(_options.BackupFolder);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var copy = Path.Combine(_options.BackupFolder, $"hpmanager-{version}-{stamp}.db");
        using var connection = new SqliteConnection($"Data Source={_options.ConfigurationFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        command.ExecuteNonQuery();
        Log.CopiedAside(logger, copy);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "{File} is now at {Version}")]
        public static partial void Migrated(ILogger logger, string file, string version);

        [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "The configuration as it was is kept in {File}")]
        public static partial void CopiedAside(ILogger logger, string file);
    }
}
