using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using HPManager.Benchmarks.Harness;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>A server of a peer in a process of its own, ended as a service manager does it. What it says is thrown away, but for the end of it.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private const int LastLines = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private PeerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
    }

    public int Id => _process.Id;

    /// <exception cref="InvalidOperationException">The program is not installed, or ends at once.</exception>
    public static async Task<PeerProcess> StartAsync(
        string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, Uri ready, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var peer = new PeerProcess(start);
        try
        {
            peer._process.Start();
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} could not be started; is it installed?", e);
        }

        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        await peer.AnswersAsync(ready, cancellationToken);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await ChildProcess.RunAsync("/bin/sh", "/", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}")], limit.Token);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            _process.Dispose();
        }
    }

    private async Task AnswersAsync(Uri ready, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(50, cancellationToken))
        {
            if (_process.HasExited || began.Elapsed > Patience) throw new InvalidOperationException($"{_process.StartInfo.FileName} does not answer:\n{Log()}");
            try
            {
                using var answer = await http.GetAsync(ready, cancellationToken);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
    }

    private string Log()
    {
        lock (_log) return string.Join('\n', _log);
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > LastLines) _log.Dequeue();
        }
    }
}
