using System.ComponentModel;
using System.Diagnostics;

namespace HPManager.Benchmarks.Harness;

/// <summary>
/// A server or peer in a process of its own, spoken to by lines. Children of ours end when their standard input ends, so that
/// none outlives a benchmark that is killed; one that does not is killed by its id. One user at a time.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts this program again with another command.</summary>
    public static ChildProcess StartSelf(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");

        // Started as "dotnet HPManager.Benchmarks.dll", the process is the host and needs the assembly's name again.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? Start(program, Checkout.Root, [typeof(ChildProcess).Assembly.Location, .. arguments])
            : Start(program, Checkout.Root, arguments);
    }

    /// <exception cref="InvalidOperationException">The program is not installed.</exception>
    public static ChildProcess Start(string program, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} could not be started; is it installed?", e);
        }
    }

    /// <summary>Runs a program to its end; its words go to standard error, because standard output is for figures.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or ends with something else than 0.</exception>
    public static async Task RunAsync(string program, string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await using var child = Start(program, folder, arguments);
        child._process.StandardInput.Close();
        while (await child._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line) await Console.Error.WriteLineAsync(line);
        await child._process.WaitForExitAsync(cancellationToken);
        if (child._process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {child._process.ExitCode}.");
    }

    /// <summary>The next line it says.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or is silent for a minute.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken)
                ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended early.");
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} said nothing for {Patience}.", e);
        }
    }

    /// <summary>Reads what it says, and forgets it, until its end or the token's.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is not null)
            {
                // Nobody wants it.
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            _process.Dispose();
        }
    }
}
