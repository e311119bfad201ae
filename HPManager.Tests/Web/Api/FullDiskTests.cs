using System.Net;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Storage;
using HPManager.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace HPManager.Tests.Web.Api;

/// <summary>
/// The data folder on a file system that is full. Where none can be mounted (no root, or a container without the right to) these tests say so and prove
/// nothing; CONTRIBUTING.md tells why that counts as passed.
/// </summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int Megabytes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HeatPumpId Pump = HeatPumpId.Parse("hp-001");

    [Fact]
    public async Task DiskIsFull_PollingAndRestGoOnAndNothingIsLostOnceThereIsRoom()
    {
        if (await DiskAsync() is not { } disk) return;
        await using var owned = disk;
        await using var server = await StartAsync(disk);
        await server.AddHeatPumpAsync();
        await Eventually.IsTrue(() => Writer(server).Status.Written >= 2);
        var began = server.Live.Get(Pump)!.Snapshot!.At;

        await FillUntilAsync(disk, () => Writer(server).Status is { FailingSince: not null, Waiting: >= 3 });

        var full = server.Live.Get(Pump)!.Snapshot!.At;
        Assert.True(full > began, "polling stood still");
        Assert.Equal("degraded", (string)(await HealthAsync(server))["status"]!);
        Assert.Contains("snapshots wait, 0 are lost", (string)(await HealthAsync(server))["description"]!, StringComparison.Ordinal);
        var (status, storage) = await server.GetAsync("/api/storage");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("full", (string)storage!["writer"]!["lastError"]!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature&from=-1h")).Status);

        disk.Free();
        await Eventually.IsTrue(() => Writer(server).Status is { FailingSince: null, Waiting: 0 }, Patience);

        Assert.Equal("healthy", (string)(await HealthAsync(server))["status"]!);
        Assert.Equal(0, Writer(server).Status.Dropped);
        Assert.True(server.Live.Get(Pump)!.Snapshot!.At > full, "polling stood still");
        await AssertWithoutHolesAsync(server);
    }

    [Fact]
    public async Task DiskIsFull_MoreThanCanWaitInMemory_IsCountedAndSaid()
    {
        if (await DiskAsync() is not { } disk) return;
        await using var owned = disk;
        await using var server = await StartAsync(disk, services => services.Configure<HistoryOptions>(history => history.QueueLimit = 100));
        await server.AddHeatPumpAsync();
        await Eventually.IsTrue(() => Writer(server).Status.Written >= 1);
        await FillUntilAsync(disk, () => Writer(server).Status.FailingSince is not null);

        var (heatPump, snapshot) = (server.Live.Get(Pump)!.HeatPump, server.Live.Get(Pump)!.Snapshot!);
        for (var poll = 0; poll < 1_000; poll++) Writer(server).Observe(heatPump, snapshot);

        var status = Writer(server).Status;
        Assert.InRange(status.Waiting, 100, 600);
        Assert.InRange(status.Dropped, 400, 1_000);
        Assert.Contains($"{status.Dropped} are lost", (string)(await HealthAsync(server))["description"]!, StringComparison.Ordinal);
        disk.Free();
        await Eventually.IsTrue(() => Writer(server).Status is { FailingSince: null, Waiting: 0 }, Patience);
        Assert.True(Writer(server).Status.Dropped >= status.Dropped);
    }

    [Fact]
    public async Task Start_DiskIsFullAlready_SaysSoAndStartsOnceThereIsRoom()
    {
        if (await DiskAsync() is not { } disk) return;
        await using var owned = disk;
        await using (var first = await StartAsync(disk))
        {
            await first.AddHeatPumpAsync();
            await Eventually.IsTrue(() => Writer(first).Status.Written >= 3);
        }

        disk.Fill();
        var refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(disk));
        Assert.Contains("Storage:DataFolder", refused.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", refused.Message, StringComparison.Ordinal);

        disk.Free();
        await using var server = await StartAsync(disk);
        var (status, answer) = await server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature&from=-1h");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(answer!["times"]!.AsArray().Count >= 3);
    }

    private async Task<SmallDisk?> DiskAsync()
    {
        var (disk, reason) = await SmallDisk.MakeAsync(Megabytes);
        if (disk is null) output.WriteLine($"Not run: no file system can be mounted here. {reason}");
        return disk;
    }

    private static Task<ApiServer> StartAsync(SmallDisk disk, Action<IServiceCollection>? configure = null)
    {
        SqliteConnection.ClearAllPools();
        return ApiServer.StartAsync(configure: services =>
        {
            services.Configure<StorageOptions>(storage => storage.DataFolder = disk.Path);
            configure?.Invoke(services);
        });
    }

    // SQLite gives room back when it moves its log into the file.
    private static Task FillUntilAsync(SmallDisk disk, Func<bool> condition) => Eventually.IsTrue(
        () =>
        {
            disk.Fill();
            return condition();
        },
        Patience);

    private static HistoryWriter Writer(ApiServer server) => server.Services.GetRequiredService<HistoryWriter>();

    private static async Task<JsonNode> HealthAsync(ApiServer server) => (await server.GetAsync("/health/ready")).Answer!["checks"]!["history"]!;

    // The heat pump is polled every second.
    private static async Task AssertWithoutHolesAsync(ApiServer server)
    {
        var times = new List<DateTimeOffset>();
        await foreach (var block in server.Services.GetRequiredService<ITimeSeriesStore>().ReadAsync(Pump, null, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default))
            times.AddRange(block.Times);
        var missed = server.Live.Get(Pump)!.MissedPolls;
        var holes = times.Skip(1).Zip(times, (next, one) => (long)Math.Round((next - one).TotalSeconds) - 1).Where(missing => missing > 0).Sum();
        Assert.True(holes <= missed, $"{holes} moments are missing, {missed} were never polled");
    }
}
