using System.Diagnostics;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>
/// Two pseudo-terminals joined to a serial line, by socat or, where the line is to be bad, by <c>Fixtures/serial_line.py</c>. The near end is the adapter,
/// which can be pulled out and put back; the far end is the device's.
/// </summary>
internal sealed class SerialPair : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-serial-").FullName;
    private readonly string[] _faults;
    private Process? _line;

    private SerialPair(string[] faults) => _faults = faults;

    /// <summary>Where the adapter is found, plugged in or not: a link, as below /dev/serial/by-id.</summary>
    public string Device => Path.Combine(_folder, "adapter");

    public string FarEnd => Path.Combine(_folder, "far");

    /// <summary>A line; <paramref name="faults"/> are the options of the script.</summary>
    public static async Task<SerialPair> StartAsync(params string[] faults)
    {
        var pair = new SerialPair(faults);
        await pair.PlugInAsync();
        return pair;
    }

    public async Task PlugInAsync()
    {
        _line = _faults.Length == 0
            ? Run("socat", $"PTY,raw,echo=0,link={Device}", $"PTY,raw,echo=0,link={FarEnd}")
            : Run("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Drivers", "Modbus", "Fixtures", "serial_line.py"), Device, FarEnd, .. _faults]);
        if (_faults.Length > 0) Assert.Equal("ready", await _line.StandardOutput.ReadLineAsync());
        await Eventually.IsTrue(() => File.Exists(Device) && File.Exists(FarEnd));
    }

    public async Task PullOutAsync()
    {
        await EndAsync(_line);
        File.Delete(Device);
        File.Delete(FarEnd);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_line);
        Directory.Delete(_folder, recursive: true);
    }

    public static Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    public static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }
}
