using System.Net;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Tests.Web.Api;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly BrokenStore _history = new();
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync(configure: services => services.AddSingleton<ITimeSeriesStore>(_history));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Get_AFaultInside_IsAProblemThatTellsNothingOfTheInside()
    {
        await _server.AddHeatPumpAsync();
        _history.Fault = new InvalidOperationException("secret at HPManager.Core.History");

        var (status, answer) = await _server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("secret", answer!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TheStoreCannotBeRead_IsUnavailable()
    {
        await _server.AddHeatPumpAsync();
        _history.Fault = new IOException("disk I/O error");

        Assert.Equal(
            HttpStatusCode.ServiceUnavailable, (await _server.GetAsync("/api/heatpumps/hp-001/history?sensor=outdoor_temperature")).Status);
    }

    private sealed class BrokenStore : ITimeSeriesStore
    {
        public Exception Fault { get; set; } = new IOException();

        public ValueTask AppendAsync(IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw Fault;

        public IAsyncEnumerable<HistoryBlock> ReadAsync(
            HeatPumpId heatPump, IReadOnlyList<SensorKey>? sensors, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw Fault;

        public ValueTask<IReadOnlyList<SensorKey>> SensorsAsync(HeatPumpId heatPump, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => throw Fault;

        public ValueTask<HistoryExtent?> ExtentAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => throw Fault;

        public ValueTask DeleteAsync(HeatPumpId heatPump, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
