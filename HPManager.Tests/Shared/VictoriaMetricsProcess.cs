using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>VictoriaMetrics, single node, as Debian has it; it keeps everything and is otherwise as it comes.</summary>
public sealed class VictoriaMetricsProcess : IAsyncLifetime, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-victoria-");
    private readonly int _port = FreePort.Next();
    private ServerProcess? _server;

    public VictoriaMetricsProcess()
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    public string Address { get; }

    /// <summary>A client whose addresses are relative to the server.</summary>
    public HttpClient Client { get; }

    internal static async Task<VictoriaMetricsProcess> StartAsync()
    {
        var server = new VictoriaMetricsProcess();
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            "/usr/bin/victoria-metrics",
            [$"-httpListenAddr=127.0.0.1:{_port}", $"-storageDataPath={_folder.FullName}/data", "-retentionPeriod=100y", "-loggerLevel=WARN", "-memory.allowedBytes=200MB"],
            _folder.FullName,
            () => ServerProcess.AnswersAsync(Address + "/health"));

    /// <summary>Writes samples in Prometheus' text form, and has them be found.</summary>
    public async Task WriteAsync(string lines)
    {
        await Client.PostTextAsync("api/v1/import/prometheus", lines);
        await SettleAsync();
    }

    /// <summary>Has everything be found that it took; it is a moment later otherwise.</summary>
    public async Task SettleAsync() => _ = await Client.GetStringAsync(new Uri("internal/force_flush", UriKind.Relative));

    /// <summary>Ends it; it can be started again with what it has kept.</summary>
    internal async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
}
