using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Polling;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public class HealthTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Get_AllIsWell_IsHealthy(string path)
    {
        await using var server = await ApiServer.StartAsync();

        var (status, answer) = await GetAsync(server, path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", (string)answer["status"]!);
    }

    [Fact]
    public async Task Ready_PollLoopsAreStopped_IsUnavailableWhileLiveStays()
    {
        await using var server = await ApiServer.StartAsync();
        await server.Services.GetRequiredService<HeatpumpManager>().StopAsync(CancellationToken.None);

        var (ready, answer) = await GetAsync(server, "/health/ready");
        var (live, _) = await GetAsync(server, "/health/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        Assert.Equal("unhealthy", (string)answer["checks"]!["polling"]!["status"]!);
        Assert.Equal(HttpStatusCode.OK, live);
    }

    [Fact]
    public async Task Ready_HistoryTakesNothing_IsDegradedAndStillServes()
    {
        await using var server = await ApiServer.StartAsync(configure: services => services.AddSingleton<ITimeSeriesStore>(new FullDisk()));
        await server.AddHeatPumpAsync();

        await Eventually.IsTrue(async () =>
        {
            var (status, answer) = await GetAsync(server, "/health/ready");
            return status == HttpStatusCode.OK && (string)answer["checks"]!["history"]!["status"]! == "degraded";
        });
    }

    [Fact]
    public async Task Ready_AHeatPumpDoesNotAnswer_IsHealthy()
    {
        await using var server = await ApiServer.StartAsync();
        server.Make.Device("10.0.0.1").Hangs = true;
        await server.SendAsync(HttpMethod.Post, "/api/heatpumps", ApiServer.Candidate());

        Assert.Equal("healthy", (string)(await GetAsync(server, "/health/ready")).Answer["status"]!);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> GetAsync(ApiServer server, string path)
    {
        using var response = await server.Client.GetAsync(path);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonNode>())!);
    }

    private sealed class FullDisk : ITimeSeriesStore
    {
        public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) => throw new IOException("disk full");

        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw new IOException("disk full");

        public IAsyncEnumerable<HistoryBlock> ReadAsync(
            HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw new IOException("disk full");

        public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            throw new IOException("disk full");

        public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => throw new IOException("disk full");

        public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
