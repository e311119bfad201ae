using System.Diagnostics;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>
/// A serial line with Debian's pymodbus as RTU server on its far end: unit ids 1 and 7, holding register n holds n + 1000, ten times that on unit 7. The
/// adapter can be pulled out and put back, and a test can shout on the wire.
/// </summary>
internal sealed class SerialBus : IAsyncDisposable
{
    private const string Server = """
        import asyncio, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server.async_io import ModbusSerialServer
        from pymodbus.transaction import ModbusRtuFramer

        def unit(factor):
            return ModbusSlaveContext(
                zero_mode=True, hr=ModbusSequentialDataBlock(0, [(n + 1000) * factor for n in range(200)]),
                co=ModbusSequentialDataBlock(0, [n % 2 == 1 for n in range(200)]))

        async def main():
            server = ModbusSerialServer(
                ModbusServerContext(slaves={1: unit(1), 7: unit(10)}, single=False), framer=ModbusRtuFramer, port=sys.argv[1], baudrate=9600, timeout=0.2)
            await server.start()
            print("ready", flush=True)
            await server.serve_forever()

        asyncio.run(main())
        """;

    private readonly SerialPair _pair;
    private Process? _server;

    private SerialBus(SerialPair pair) => _pair = pair;

    public string Device => _pair.Device;

    /// <summary>A line; <paramref name="faults"/> are the options of <c>Fixtures/serial_line.py</c>.</summary>
    public static async Task<SerialBus> StartAsync(params string[] faults)
    {
        var bus = new SerialBus(await SerialPair.StartAsync(faults));
        await bus.StartServerAsync();
        return bus;
    }

    public SerialLine Line(bool hasEcho = false, int baudRate = 9600) => new(Device, baudRate, SerialParity.None, 1, hasEcho);

    public ModbusClient Connect(int timeoutMs = 3000, bool hasEcho = false, TimeProvider? time = null) =>
        new(ModbusEndpoint.On(Line(hasEcho), TimeSpan.FromMilliseconds(timeoutMs)), time ?? TimeProvider.System);

    /// <summary>How a heat pump on it is configured.</summary>
    public ConnectionConfig Connection(int unit, int baudRate = 9600) => new("modbus_rtu", new Settings(
    [
        new("device", Device), new("baud_rate", baudRate.ToString(CultureInfo.InvariantCulture)), new("parity", "none"), new("stop_bits", "1"),
        new("unit_id", unit.ToString(CultureInfo.InvariantCulture)), new("request_timeout_ms", "1000"),
    ]));

    public async Task PlugInAsync()
    {
        await _pair.PlugInAsync();
        await StartServerAsync();
    }

    public async Task PullOutAsync()
    {
        await SerialPair.EndAsync(_server);
        await _pair.PullOutAsync();
    }

    /// <summary>Puts bytes on the wire that nobody asked for.</summary>
    public async Task ShoutAsync(byte[] bytes)
    {
        await using var wire = new FileStream(_pair.FarEnd, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await wire.WriteAsync(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await SerialPair.EndAsync(_server);
        await _pair.DisposeAsync();
    }

    private async Task StartServerAsync()
    {
        _server = SerialPair.Run("/usr/bin/python3", "-c", Server, _pair.FarEnd);
        Assert.Equal("ready", await _server.StandardOutput.ReadLineAsync());
    }
}
