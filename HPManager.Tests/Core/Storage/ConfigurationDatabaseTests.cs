using HPManager.Core.HeatPumps;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Core.Storage;

public sealed class ConfigurationDatabaseTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_NothingThere_MakesTheFile()
    {
        await RunAsync(async host => Assert.Empty(await host.Services.GetRequiredService<IHeatPumpStore>().ListAsync(default)));

        Assert.True(File.Exists(_folder.ConfigurationFile));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "backups")));
    }

    [Fact]
    public async Task Start_FileOfANewerVersion_IsRefusedAndNotTouched()
    {
        await RunAsync(_ => Task.CompletedTask);
        Execute("INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Future', '42.0')");
        var before = await File.ReadAllBytesAsync(_folder.ConfigurationFile);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("29991231000000_Future", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.ConfigurationFile));
    }

    [Fact]
    public async Task Start_FileIsNoDatabase_IsRefusedAndNotTouched()
    {
        await File.WriteAllTextAsync(_folder.ConfigurationFile, string.Concat(Enumerable.Repeat("These are holiday photos. ", 100)));
        var before = await File.ReadAllBytesAsync(_folder.ConfigurationFile);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.ConfigurationFile));
    }

    [Fact]
    public async Task Start_FileOfAnOlderVersion_IsCopiedAsideAndMigrated()
    {
        using (var host = _folder.CreateHost())
        await using (var context = await host.Services.GetRequiredService<IDbContextFactory<HPManagerContext>>().CreateDbContextAsync())
        {
            await context.GetService<IMigrator>().MigrateAsync("Initial");
        }

        Execute("INSERT INTO heat_pumps VALUES ('hp-001', 'Old', NULL, 'fake', 'one', '{\"kind\":\"fake_tcp\",\"settings\":{\"host\":\"a\"}}', '{}', 30, 0)");

        await RunAsync(async host => Assert.Equal("Old", Assert.Single(await host.Services.GetRequiredService<IHeatPumpStore>().ListAsync(default)).Name));

        var copy = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "backups")));
        Assert.Contains("_Initial-", copy, StringComparison.Ordinal);
        Assert.Equal(1L, Scalar(copy, "SELECT count(*) FROM heat_pumps"));
        Assert.Equal(0L, Scalar(copy, "SELECT count(*) FROM sqlite_master WHERE name = 'device_findings'"));
        Assert.Equal(1L, Scalar(_folder.ConfigurationFile, "SELECT count(*) FROM sqlite_master WHERE name = 'device_findings'"));
    }

    [Fact]
    public async Task Start_FolderCannotBeMade_NamesTheSetting()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "file"), "");
        var options = Microsoft.Extensions.Options.Options.Create(new StorageOptions { DataFolder = Path.Combine(_folder.Path, "file", "below") });
        using var host = _folder.CreateHost();
        var database = ActivatorUtilities.CreateInstance<ConfigurationDatabase>(host.Services, options);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => database.StartAsync(default));

        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    private async Task RunAsync(Func<IHost, Task> action)
    {
        using var host = _folder.CreateHost();
        await host.StartAsync();
        await action(host);
        await host.StopAsync();
        SqliteConnection.ClearAllPools();
    }

    private static object? Scalar(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Execute(params string[] statements)
    {
        using (var connection = new SqliteConnection($"Data Source={_folder.ConfigurationFile};Pooling=False"))
        {
            connection.Open();
            foreach (var statement in statements.Append("PRAGMA wal_checkpoint(TRUNCATE)"))
            {
                using var command = connection.CreateCommand();
                command.CommandText = statement;
                command.ExecuteNonQuery();
            }
        }
    }
}
