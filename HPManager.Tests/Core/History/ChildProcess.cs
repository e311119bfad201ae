using System.Diagnostics;
using System.Globalization;
using HPManager.Tests.Drivers.Discovery;

namespace HPManager.Tests.Core.History;

/// <summary>
/// This assembly started as a process of its own, so that a test can kill it while it works. It tells its progress as one number per line.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts the work called by this name.</summary>
    public static ChildProcess Start(string work, string folder)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        start.ArgumentList.Add(work);
        start.ArgumentList.Add(folder);
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it tells this number, or one behind it.</summary>
    public async Task ReachesAsync(int number)
    {
        using var expired = new CancellationTokenSource(Limit);
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync(expired.Token)
                ?? throw new InvalidOperationException("The child ended: " + await _process.StandardError.ReadToEndAsync(expired.Token));
            if (int.Parse(line, CultureInfo.InvariantCulture) >= number) return;
        }
    }

    /// <summary>Kills it, as <c>kill -9</c> does.</summary>
    /// <returns>The last number that it told in full.</returns>
    public async Task<int> KillAsync()
    {
        _process.Kill();
        var told = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        var whole = told[..(told.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return whole.Length == 0 ? 0 : int.Parse(whole[^1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static Task Main(string[] arguments) => arguments switch
    {
        [KilledWriterTests.Work, var folder] => KilledWriterTests.AppendForEverAsync(folder),
        [PrivateNetworkTests.Work] => PrivateNetworkTests.SearchAsync(),
        _ => throw new ArgumentException($"usage: {KilledWriterTests.Work} FOLDER | {PrivateNetworkTests.Work}", nameof(arguments)),
    };
}
