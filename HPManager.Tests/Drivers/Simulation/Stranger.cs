using System.Diagnostics;
using System.Globalization;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>Programs that others wrote, run against the simulator.</summary>
internal static class Stranger
{
    public static string Port(SimulatedDevice device) => device.Server.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs lines of Python with a connected pymodbus <c>client</c>; gives what they print.</summary>
    public static async Task<string> PythonAsync(SimulatedDevice device, string script) =>
        (await RunAsync("/usr/bin/python3", "-c", $"""
            from pymodbus.client import ModbusTcpClient
            client = ModbusTcpClient('127.0.0.1', port={Port(device)})
            client.connect()
            {script}
            """)).Trim();

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        return output;
    }
}
