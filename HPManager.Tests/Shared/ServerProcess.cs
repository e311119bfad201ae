using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Shared;

/// <summary>
/// A server of its own, with its files in a folder of its own; ended as a service manager does. What it has logged goes into the failure when it does not come up.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Queue<string> _log = new();
    private readonly Process _process;
    private readonly int _ending;

    private ServerProcess(string program, IEnumerable<string> arguments, string folder, int ending)
    {
        _ending = ending;
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        Assert.True(_process.Start(), $"{program} did not start");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a program and waits until it answers.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="answers">Whether it answers.</param>
    /// <param name="ending">The signal that ends it in order.</param>
    public static async Task<ServerProcess> StartAsync(
        string program, IEnumerable<string> arguments, string folder, Func<Task<bool>> answers, int ending = SigTerm)
    {
        var server = new ServerProcess(program, arguments, folder, ending);
        using var limit = new CancellationTokenSource(Limit);
        while (!await answers())
        {
            if (server._process.HasExited) Assert.Fail($"{program} ended with {server._process.ExitCode}:\n{server.Log}");
            if (limit.IsCancellationRequested) Assert.Fail($"{program} does not answer within {Limit}:\n{server.Log}");
            await Task.Delay(20, CancellationToken.None);
        }

        return server;
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, string folder)
    {
        await using var run = new ServerProcess(program, arguments, folder, SigTerm);
        using var limit = new CancellationTokenSource(Limit);
        await run._process.WaitForExitAsync(limit.Token);
        Assert.True(run._process.ExitCode == 0, $"{program} ended with {run._process.ExitCode}:\n{run.Log}");
    }

    /// <summary>Whether an address of this machine answers with success.</summary>
    public static async Task<bool> AnswersAsync(string address)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(address));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _ = Kill(_process.Id, _ending);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 60) _log.Dequeue();
        }
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

/// <summary>What tests ask of servers.</summary>
internal static class ServerRequests
{
    /// <summary>Posts a text, which must be taken.</summary>
    public static async Task PostTextAsync(this HttpClient client, string path, string body)
    {
        using var content = new StringContent(body);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
