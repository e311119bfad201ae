using System.Diagnostics;
using System.Globalization;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>
/// Debian's pymodbus as a device that none of us wrote: 200 cells in each of the four tables, unit ids 1 and 7, on a loopback
/// port of its own choice. Cell n holds n + 1000 (holding), n + 2000 (input), n odd (coils), n divisible by three (inputs);
/// unit 7 holds ten times the register values.
/// </summary>
internal sealed class PymodbusServer : IAsyncDisposable
{
    private const string Script = """
        import asyncio, sys
        from unittest.mock import MagicMock

        # Imported by pymodbus for serial ports, which this script does not open; Debian only recommends the package.
        sys.modules.setdefault("serial", MagicMock())
        sys.modules.setdefault("serial_asyncio", MagicMock())

        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartAsyncTcpServer, StartAsyncUdpServer
        from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

        def unit(factor):
            cells = range(200)
            return ModbusSlaveContext(
                zero_mode=True,
                hr=ModbusSequentialDataBlock(0, [(n + 1000) * factor for n in cells]),
                ir=ModbusSequentialDataBlock(0, [(n + 2000) * factor for n in cells]),
                co=ModbusSequentialDataBlock(0, [n % 2 == 1 for n in cells]),
                di=ModbusSequentialDataBlock(0, [n % 3 == 0 for n in cells]))

        async def main():
            start = StartAsyncUdpServer if sys.argv[1] == "Udp" else StartAsyncTcpServer
            server = await start(
                context=ModbusServerContext(slaves={1: unit(1), 7: unit(10)}, single=False),
                framer=ModbusRtuFramer if sys.argv[1] == "RtuOverTcp" else ModbusSocketFramer,
                address=("127.0.0.1", 0), defer_start=True)
            running = asyncio.ensure_future(server.serve_forever())
            await server.serving
            socket = server.protocol.get_extra_info("socket") if sys.argv[1] == "Udp" else server.server.sockets[0]
            print(socket.getsockname()[1], flush=True)
            await running

        asyncio.run(main())
        """;

    private readonly Process _process;

    private PymodbusServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<PymodbusServer> StartAsync(ModbusTransport transport)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-c", Script, transport.ToString() }) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        if (int.TryParse(line, CultureInfo.InvariantCulture, out var port)) return new PymodbusServer(process, port);

        var error = await process.StandardError.ReadToEndAsync();
        process.Dispose();
        throw new InvalidOperationException($"The pymodbus server did not start (Debian package python3-pymodbus): {error}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
