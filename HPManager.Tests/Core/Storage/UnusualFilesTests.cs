using HPManager.Core;
using HPManager.Core.HeatPumps;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HPManager.Tests.Core.Storage;

/// <summary>Folders and files as they are found on machines that nobody tidied.</summary>
public sealed class UnusualFilesTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("with spaces")]
    [InlineData("Wärme;pumpe=#1?%41&'\"")]
    public async Task Start_FolderOfAnyName_StartsAgainWithWhatWasThere(string name) => await AddsAndFindsAsync(Path.Combine(_folder.Path, name));

    [Fact]
    public async Task Start_RelativeFolder_StartsAgainWithWhatWasThere() =>
        await AddsAndFindsAsync(Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(_folder.Path, "relative")));

    [Fact]
    public async Task Start_NoFolderGiven_NamesTheSetting()
    {
        using var host = HostOf(" ");

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => host.Services.PrepareHPManagerAsync(default));

        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NewerVersionWithChangesInItsLog_IsRefusedAndNothingBesideItChanges()
    {
        await RunAsync(_ => Task.CompletedTask);
        File.Delete(_folder.HistoryFile);
        CrashImage.Make(_folder.ConfigurationFile, "INSERT INTO __EFMigrationsHistory VALUES ('29991231000000_Future', '42.0');");
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("29991231000000_Future", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_HigherUserVersion_IsRefusedAndNotTouched()
    {
        await RunAsync(_ => Task.CompletedTask);
        File.Delete(_folder.HistoryFile);
        Execute("PRAGMA user_version = 7");
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_DatabaseOfSomebodyElse_IsRefusedAndNotTouched()
    {
        Execute("CREATE TABLE holidays (place TEXT); INSERT INTO holidays VALUES ('Graz');");
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains(_folder.ConfigurationFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_FileCutShort_IsRefusedAndNotTouched()
    {
        await RunAsync(_ => Task.CompletedTask);
        File.Delete(_folder.HistoryFile);
        await using (var file = File.OpenWrite(_folder.ConfigurationFile)) file.SetLength(file.Length / 2);
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_EmptyFileOfAnInterruptedFirstStart_IsMadeWhole()
    {
        await File.WriteAllBytesAsync(_folder.ConfigurationFile, []);

        await RunAsync(async host => Assert.Empty(await host.Services.GetRequiredService<IHeatPumpStore>().ListAsync(default)));

        Assert.Equal("wal", Scalar("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Start_NoCopyCanBePutAside_IsRefusedAndNotMigrated()
    {
        using (var host = _folder.CreateHost())
        await using (var context = await host.Services.GetRequiredService<IDbContextFactory<HPManagerContext>>().CreateDbContextAsync())
        {
            await context.GetService<IMigrator>().MigrateAsync("Initial");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "backups"), "a file where the folder should be");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => RunAsync(_ => Task.CompletedTask));

        Assert.Contains("backups", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0L, Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'device_findings'"));
    }

    private static async Task AddsAndFindsAsync(string folder)
    {
        foreach (var expected in (int[])[0, 1])
        {
            using var host = HostOf(folder);
            await host.StartAsync();
            var store = host.Services.GetRequiredService<IHeatPumpStore>();
            Assert.Equal(expected, (await store.ListAsync(default)).Count);
            if (expected == 0) await store.AddAsync(FakeMake.HeatPump("", "a") with { Enabled = false }, default);
            await host.StopAsync();
            SqliteConnection.ClearAllPools();
        }

        Assert.Equal(["history.db", "hpmanager.db"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
    }

    private static IHost HostOf(string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Storage:DataFolder", folder)]);
        builder.Services.AddHPManagerCore();
        builder.Services.AddSingleton<ISecretProtector, ReversingProtector>();
        return builder.Build();
    }

    private async Task RunAsync(Func<IHost, Task> action)
    {
        try
        {
            using var host = _folder.CreateHost();
            await host.StartAsync();
            await action(host);
            await host.StopAsync();
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    private void Execute(string sql) => Scalar(sql);

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.ConfigurationFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
