using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Embedded;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using HPManager.Tests.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HPManager.Tests.Core.History;

/// <summary>Files that are not ours, or not as they should be; and calls that meet each other.</summary>
public sealed class HistoryFileTests : IDisposable
{
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_NewerFormatWithChangesInItsLog_IsRefusedAndNothingBesideItChanges()
    {
        CrashImage.Make(_folder.HistoryFile, "CREATE TABLE future (x); PRAGMA user_version = 99;");
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(OpenAsync);

        Assert.Contains("99", refusal.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_NewerFormatClosedInOrder_LeavesNoFilesBesideIt()
    {
        Execute("PRAGMA journal_mode = WAL; CREATE TABLE future (x); PRAGMA user_version = 99;");
        var before = _folder.Files();

        await Assert.ThrowsAsync<StorageException>(OpenAsync);

        SqliteConnection.ClearAllPools();
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_DatabaseOfSomebodyElse_IsRefusedAndNotTouched()
    {
        Execute("CREATE TABLE holidays (place TEXT); INSERT INTO holidays VALUES ('Graz');");
        var before = _folder.Files();

        var refusal = await Assert.ThrowsAsync<StorageException>(OpenAsync);

        Assert.Contains(_folder.HistoryFile, refusal.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_FileIsNoDatabase_IsRefusedAndNotTouched()
    {
        await File.WriteAllTextAsync(_folder.HistoryFile, string.Concat(Enumerable.Repeat("These are holiday photos. ", 100)));
        var before = _folder.Files();

        await Assert.ThrowsAsync<StorageException>(OpenAsync);

        SqliteConnection.ClearAllPools();
        Assert.Equal(before, _folder.Files());
    }

    [Fact]
    public async Task Start_EmptyFileOfAnInterruptedFirstStart_IsMadeWhole()
    {
        await File.WriteAllBytesAsync(_folder.HistoryFile, []);
        using var store = await OpenAsync();

        await store.AppendAsync([At(FakeMake.Outdoor, 1)], default);

        Assert.Equal([1.0], (await QueryAsync(store, FakeMake.Outdoor)).Columns[0].Mean);
    }

    [Fact]
    public async Task Append_AnEarlierBatchFailedHalfWay_NoSensorGetsAnothersValues()
    {
        using var store = await OpenAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.AppendAsync([At(FakeMake.Outdoor, 1), null!], default));

        await store.AppendAsync([At(FakeMake.Target, 48)], default);
        await store.AppendAsync([At(FakeMake.Outdoor, 5)], default);

        Assert.Equal([48.0], (await QueryAsync(store, FakeMake.Target)).Columns[0].Mean);
        Assert.Equal([5.0], (await QueryAsync(store, FakeMake.Outdoor)).Columns[0].Mean);
    }

    [Fact]
    public async Task Append_WhileAReaderIsInTheMiddle_DoesNotWait()
    {
        using var store = await OpenAsync();
        await store.AppendAsync([At(FakeMake.Outdoor, 1)], default);
        await using var reader = new SqliteConnection($"Data Source={_folder.HistoryFile};Mode=ReadOnly;Pooling=False");
        await reader.OpenAsync();
        await using var snapshot = reader.BeginTransaction(deferred: true);
        await using var command = reader.CreateCommand();
        command.CommandText = "SELECT count(*) FROM head";
        await command.ExecuteScalarAsync();

        await store.AppendAsync([At(FakeMake.Target, 48)], default).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Query_Cancelled_Ends()
    {
        using var store = await OpenAsync();
        var sensors = new SensorSet([FakeMake.Outdoor]);
        await store.AppendAsync(
            [.. Enumerable.Range(0, 10_000).Select(second =>
                new Snapshot(Pump, Start.AddSeconds(second), sensors, [new Reading(second, null, Quality.Good, Start)]))],
            default);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.QueryAsync(
            new HistoryQuery(Pump, [FakeMake.Outdoor.Key], Start, Start.AddDays(1), 100), cancelled.Token));
    }

    private static Snapshot At(SensorDefinition sensor, double value) =>
        new(Pump, Start, new SensorSet([sensor]), [new Reading(value, null, Quality.Good, Start)]);

    private static async Task<HistoryTable> QueryAsync(EmbeddedTimeSeriesStore store, SensorDefinition sensor) =>
        await store.QueryAsync(new HistoryQuery(Pump, [sensor.Key], Start, Start.AddHours(1), 10), default);

    private async Task<EmbeddedTimeSeriesStore> OpenAsync()
    {
        var store = new EmbeddedTimeSeriesStore(Options.Create(new StorageOptions { DataFolder = _folder.Path }), TimeProvider.System, NullLogger<EmbeddedTimeSeriesStore>.Instance);
        await store.StartAsync(default);
        return store;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.HistoryFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
