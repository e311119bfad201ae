using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.History.VictoriaMetrics;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Against VictoriaMetrics itself.</summary>
public sealed class VictoriaMetricsTests
{
    // It rounds numbers in blocks.
    private const double Loss = 1e-9;

    [Theory]
    [InlineData(1, "names")]
    [InlineData(2, "names")]
    [InlineData(3, "heatpump_metrics")]
    [InlineData(4, "heatpump")]
    public async Task Query_RandomPolls_AnswersAsTheReference(int seed, string format)
    {
        await using var server = await StartedAsync();
        await using var engine = Connect(server.Server, format);

        await SameAnswers.CheckAsync(engine, server.SettleAsync, seed, Loss);
    }

    private static IHistoryEngine Connect(VictoriaMetricsProcess server, string format = "names")
    {
        var type = new VictoriaMetricsType(TimeProvider.System);
        var settings = new Settings([new("url", server.Address), new("format", format)]);
        Assert.Empty(type.Parameters.Check(settings, "engine"));
        return type.Create(type.Parameters.WithDefaults(settings));
    }

    private static async Task<Running> StartedAsync()
    {
        var running = new Running(new VictoriaMetricsProcess());
        await running.Server.InitializeAsync();
        return running;
    }

    private sealed record Running(VictoriaMetricsProcess Server) : IAsyncDisposable
    {
        private readonly HttpClient _http = new();

        /// <summary>Has it make everything that it took be found.</summary>
        public async Task SettleAsync()
        {
            using var answer = await _http.GetAsync(new Uri(Server.Address + "/internal/force_flush"));
            Assert.True(answer.IsSuccessStatusCode);
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await Server.DisposeAsync();
        }
    }
}
