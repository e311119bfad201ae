using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Deployment;

/// <summary>A real store on a free loopback port, in a folder of its own; ended by its process id.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-dashboards-");
    private Process _process = null!;

    /// <summary>A client whose addresses are relative to the server.</summary>
    public HttpClient Client { get; } = new() { Timeout = Limit };

    public static async Task<StoreServer> StartInfluxDbAsync()
    {
        var server = new StoreServer();
        var folder = server._folder.FullName;
        var port = FreePort();
        var configuration = $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:0"
            [meta]
            dir = "{folder}/meta"
            [data]
            dir = "{folder}/data"
            wal-dir = "{folder}/wal"
            query-log-enabled = false
            [http]
            bind-address = "127.0.0.1:{port}"
            log-enabled = false
            """;
        await File.WriteAllTextAsync($"{folder}/influxdb.conf", configuration);
        await server.StartAsync(["influxd", "-config", $"{folder}/influxdb.conf"], port, "ping");
        return server;
    }

    public static async Task<StoreServer> StartVictoriaMetricsAsync()
    {
        var server = new StoreServer();
        var port = FreePort();
        await server.StartAsync(
            ["victoria-metrics", $"-httpListenAddr=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", $"-storageDataPath={server._folder.FullName}", "-retentionPeriod=100y"], port, "health");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(IReadOnlyList<string> command, int port, string healthPath)
    {
        Client.BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        _process = Shell.Start(command, new Dictionary<string, string> { ["HOME"] = _folder.FullName });

        // Read, so that a full pipe does not stop it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Shared.Eventually.IsTrue(() => AnswersAsync(healthPath), Limit);
    }

    private async Task<bool> AnswersAsync(string path)
    {
        if (_process.HasExited) Assert.Fail($"{_process.StartInfo.FileName} ended with {_process.ExitCode}");
        try
        {
            using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
