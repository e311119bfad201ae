using System.Globalization;

namespace HPManager.Tests.Shared;

/// <summary>InfluxDB 1.x, as Debian has it.</summary>
public sealed class InfluxdProcess : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-influxd-");
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _server;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public async Task InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "influxd.conf");
        await File.WriteAllTextAsync(file, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{ServerProcess.FreePort()}"
            [meta]
              dir = "{_folder.FullName}/meta"
            [data]
              dir = "{_folder.FullName}/data"
              wal-dir = "{_folder.FullName}/wal"
            [http]
              bind-address = "127.0.0.1:{_port}"
              log-enabled = false
            [monitor]
              store-enabled = false
            """);
        _server = await ServerProcess.StartAsync("/usr/bin/influxd", ["-config", file], _folder.FullName, () => ServerProcess.AnswersAsync(Address + "/ping"));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
