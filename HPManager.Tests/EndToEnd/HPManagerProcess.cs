using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace HPManager.Tests.EndToEnd;

/// <summary>
/// The real program, started as an owner starts it, on a free loopback port and with a data folder of its own. Ended by its process id.
/// </summary>
internal sealed partial class HPManagerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HPManagerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("HPManager ended while it started:\n" + Log));
    }

    public Uri Address { get; private set; } = null!;

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the program and waits until it says where it listens.</summary>
    public static async Task<HPManagerProcess> StartAsync(params string[] arguments)
    {
        var server = Launch(["--Server:Port=0", .. arguments]);
        server.Address = await server._address.Task.WaitAsync(StartLimit);
        return server;
    }

    /// <summary>Starts the program and waits until it ends by itself.</summary>
    public static async Task<HPManagerProcess> RunToEndAsync(params string[] arguments)
    {
        var server = Launch(["--Server:Port=0", .. arguments]);
        using var limit = new CancellationTokenSource(StartLimit);
        await server._process.WaitForExitAsync(limit.Token);
        return server;
    }

    /// <summary>Ends it at once, without giving it a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static HPManagerProcess Launch(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(ProgramPath);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        // The tests start it dozens of times beside each other: compiled in stages it is there in half the time, and does the same.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var server = new HPManagerProcess(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    // The program's own output folder: beside it lie the manifests of its static files, which a reference does not copy.
    private static string ProgramPath => Path.GetFullPath(
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "HPManagerProgram").Value!);

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
        if (AddressLine().Match(line) is { Success: true } match) _address.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    [GeneratedRegex(@"HPManager is at (?<address>http://\S+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AddressLine();
}
