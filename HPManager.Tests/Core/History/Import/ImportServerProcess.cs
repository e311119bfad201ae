using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.History.Import;

/// <summary>A real InfluxDB on a free loopback port with its files in a folder of its own; ended by its process id.</summary>
internal sealed class ImportInfluxServer : ImportServerProcess
{
    public const string User = "reader";
    public const string Password = "pass word";

    public static async Task<ImportInfluxServer> StartAsync()
    {
        var server = new ImportInfluxServer();
        var folder = server.Folder.FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "influxdb.conf"),
            $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort()}"
            [meta]
            dir = "{folder}/meta"
            [data]
            dir = "{folder}/data"
            wal-dir = "{folder}/wal"
            [http]
            bind-address = "127.0.0.1:{server.Port}"
            auth-enabled = true
            [monitor]
            store-enabled = false
            """);
        await server.RunAsync("/usr/bin/influxd", ["run", "-config", $"{folder}/influxdb.conf"], "ping");
        await server.PostAsync($"query?q={Uri.EscapeDataString($"CREATE USER \"{User}\" WITH PASSWORD '{Password}' WITH ALL PRIVILEGES")}", "");
        server.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
        await server.PostAsync("query?q=CREATE%20DATABASE%20heatpump", "");
        return server;
    }

    public Task WriteAsync(string lines) => PostAsync("write?db=heatpump&precision=ms", lines);
}

/// <summary>A real VictoriaMetrics, likewise.</summary>
internal sealed class ImportVictoriaServer : ImportServerProcess
{
    public static async Task<ImportVictoriaServer> StartAsync()
    {
        var server = new ImportVictoriaServer();
        await server.RunAsync(
            "/usr/bin/victoria-metrics",
            [$"-httpListenAddr=127.0.0.1:{server.Port}", $"-storageDataPath={server.Folder.FullName}/data", "-retentionPeriod=100y", "-memory.allowedBytes=64MB", "-search.latencyOffset=0s"],
            "health");
        return server;
    }

    public async Task WriteAsync(string lines)
    {
        await PostAsync("api/v1/import/prometheus", lines);

        // What was written becomes visible a moment later.
        _ = await Http.GetStringAsync(new Uri("internal/force_flush", UriKind.Relative));
    }
}

internal abstract class ImportServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly StringBuilder _log = new();
    private Process? _process;

    protected ImportServerProcess() => Http = new HttpClient { BaseAddress = new Uri(Url) };

    public int Port { get; } = FreePort();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/");

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("hpmanager-import-");

    protected HttpClient Http { get; }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { } process)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Folder.Delete(recursive: true);
    }

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected async Task PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    protected async Task RunAsync(string program, IEnumerable<string> arguments, string health)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.IsTrue(() => AnswersAsync(health), Limit, $"{program} answers");
    }

    private async Task<bool> AnswersAsync(string health)
    {
        if (_process!.HasExited) Assert.Fail(_log.ToString());
        try
        {
            using var answer = await Http.GetAsync(new Uri(health, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (_log) _log.AppendLine(line);
    }
}
