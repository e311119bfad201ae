using System.Diagnostics;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>
/// A pair of pseudo-terminals joined by socat, with Debian's pymodbus as RTU server on the far end: unit ids 1 and 7, holding register n holds n + 1000, ten
/// times that on unit 7. The adapter can be pulled out and put back, and a test can shout on the wire.
/// </summary>
internal sealed class SerialBus : IAsyncDisposable
{
    private const string Server = """
        import asyncio, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartAsyncSerialServer
        from pymodbus.transaction import ModbusRtuFramer

        def unit(factor):
            return ModbusSlaveContext(
                zero_mode=True, hr=ModbusSequentialDataBlock(0, [(n + 1000) * factor for n in range(200)]),
                co=ModbusSequentialDataBlock(0, [n % 2 == 1 for n in range(200)]))

        async def main():
            print("ready", flush=True)
            await StartAsyncSerialServer(
                context=ModbusServerContext(slaves={1: unit(1), 7: unit(10)}, single=False),
                framer=ModbusRtuFramer, port=sys.argv[1], baudrate=9600, timeout=0.2)

        asyncio.run(main())
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpmanager-serial-").FullName;
    private Process? _socat;
    private Process? _server;

    /// <summary>Where the adapter is found, plugged in or not.</summary>
    public string Device => Path.Combine(_folder, "adapter");

    private string FarEnd => Path.Combine(_folder, "far");

    public static async Task<SerialBus> StartAsync()
    {
        var bus = new SerialBus();
        await bus.PlugInAsync();
        return bus;
    }

    public SerialLine Line(bool hasEcho = false, int baudRate = 9600) => new(Device, baudRate, SerialParity.None, 1, hasEcho);

    public ModbusClient Connect(int timeoutMs = 3000, bool hasEcho = false) =>
        new(ModbusEndpoint.On(Line(hasEcho), TimeSpan.FromMilliseconds(timeoutMs)), TimeProvider.System);

    public async Task PlugInAsync()
    {
        _socat = Run("socat", $"PTY,raw,echo=0,link={Device}", $"PTY,raw,echo=0,link={FarEnd}");
        await Eventually.IsTrue(() => File.Exists(Device) && File.Exists(FarEnd));
        _server = Run("/usr/bin/python3", "-c", Server, FarEnd);
        Assert.Equal("ready", await _server.StandardOutput.ReadLineAsync());

        // It says so before it has opened the line.
        await using var first = Connect(timeoutMs: 300);
        await Eventually.IsTrue(async () => (await first.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, new ushort[1], default)).IsSuccess);
    }

    public async Task PullOutAsync()
    {
        await EndAsync(_server);
        await EndAsync(_socat);
        File.Delete(Device);
        File.Delete(FarEnd);
    }

    /// <summary>Puts bytes on the wire that nobody asked for.</summary>
    public async Task ShoutAsync(byte[] bytes)
    {
        await using var wire = new FileStream(FarEnd, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await wire.WriteAsync(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_server);
        await EndAsync(_socat);
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }
}
