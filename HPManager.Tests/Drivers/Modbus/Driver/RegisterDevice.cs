using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>
/// Runs <c>Fixtures/register_device.py</c>: pymodbus, filled from a table that holds what the protocol pages say and that no code of the
/// product reads. The iDM table has the pages' strides for circuits A to G and zone modules 0 to 9 already applied; in the NIBE
/// table, register 170 has scale 1, as the page's note on it says, not its export's divisor.
/// </summary>
internal sealed class RegisterDevice : IAsyncDisposable
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Drivers", "Modbus", "Fixtures");

    private readonly Process _process;
    private readonly Channel<string> _lines;
    private readonly Task _reading;

    private RegisterDevice(Process process, Channel<string> lines, Task reading, int port, Dictionary<string, Dictionary<string, double>> expected)
    {
        _process = process;
        _lines = lines;
        _reading = reading;
        Port = port;
        Expected = expected;
    }

    public int Port { get; }

    /// <summary>What a reader must find, by unit id and key, computed by the device.</summary>
    public IReadOnlyDictionary<string, Dictionary<string, double>> Expected { get; }

    public static Task<RegisterDevice> StartAsync(string table, bool bothTables, int port, params IEnumerable<int> units) =>
        StartAsync(table, bothTables, port, units, []);

    /// <summary>Unit 1 with the rows of one model; <paramref name="options"/> are those of the script.</summary>
    public static Task<RegisterDevice> StartModelAsync(string table, string model, params string[] options) =>
        StartAsync(table, bothTables: false, port: 0, [1], ["--model", model, .. options]);

    /// <summary>Several units; <paramref name="options"/> are those of the script.</summary>
    public static async Task<RegisterDevice> StartAsync(string table, bool bothTables, int port, IEnumerable<int> units, IEnumerable<string> options)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(Fixtures, "register_device.py"), Path.Combine(Fixtures, table), bothTables ? "both" : "own",
            port.ToString(CultureInfo.InvariantCulture), .. units.Select(unit => unit.ToString(CultureInfo.InvariantCulture)), .. options,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        var lines = Channel.CreateUnbounded<string>();
        var reading = ReadLinesAsync(process, lines.Writer);
        try
        {
            var listening = int.Parse(await NextAsync(lines), CultureInfo.InvariantCulture);
            var expected = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(await NextAsync(lines))!;
            return new RegisterDevice(process, lines, reading, listening, expected);
        }
        catch (ChannelClosedException ended)
        {
            var error = await process.StandardError.ReadToEndAsync();
            process.Dispose();
            throw new InvalidOperationException($"The device did not start (Debian package python3-pymodbus): {error}", ended);
        }
    }

    /// <summary>The next write that arrived: <c>unit address words…</c>.</summary>
    public async Task<string> NextWriteAsync() => (await NextAsync(_lines))["write ".Length..];

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private static async Task<string> NextAsync(Channel<string> lines) => await lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task ReadLinesAsync(Process process, ChannelWriter<string> lines)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line) lines.TryWrite(line);
        lines.Complete();
    }
}
