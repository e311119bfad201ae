using System.Globalization;
using HPManager.Benchmarks.Harness;
using HPManager.Tests.Shared;

namespace HPManager.Benchmarks.MqttReceive;

/// <summary>Debian's Mosquitto on a loopback port, with sessions that survive a restart and queues without a limit.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpmanager-bench-mqtt-");
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configuration = PathOf("mosquitto.conf");
        await File.WriteAllTextAsync(
            configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $"user root\nlistener {Port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {_folder.FullName}/\nmax_queued_messages 0\nlog_dest stderr\nlog_type information\nlog_type subscribe\nlog_timestamp false\n"),
            cancellationToken);

        // It does not flush its standard output.
        _process = ChildProcess.Start("/bin/sh", _folder.FullName, ["-c", $"exec {Program} -c {configuration} 2>&1"]);
        await SaysAsync("running", cancellationToken);
    }

    /// <summary>Ends it as a service manager does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is not { } process) return;
        await ChildProcess.RunAsync("/bin/sh", "/", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {process.Id}")], cancellationToken);
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>Waits until a client with this name has subscribed.</summary>
    public Task SubscribedAsync(string client, CancellationToken cancellationToken) => SaysAsync($"{client} ", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private async Task SaysAsync(string words, CancellationToken cancellationToken)
    {
        while (!(await _process!.ReadLineAsync(cancellationToken)).Contains(words, StringComparison.Ordinal))
        {
            // Something else that it logs.
        }
    }
}
