using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>VictoriaMetrics, single node, as Debian has it; it keeps everything and is otherwise as it comes.</summary>
public sealed class VictoriaMetricsProcess : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-victoria-");
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _server;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public async Task InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            "/usr/bin/victoria-metrics",
            [$"-httpListenAddr=127.0.0.1:{_port}", $"-storageDataPath={_folder.FullName}/data", "-retentionPeriod=100y", "-loggerLevel=WARN", "-memory.allowedBytes=200MB"],
            _folder.FullName,
            () => ServerProcess.AnswersAsync(Address + "/health"));

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
