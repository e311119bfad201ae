using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;
using HPManager.Drivers.Modbus.Client.Wire;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Clients for the tests: of a loopback port, patient unless the test moves its clock.</summary>
internal static class ModbusClients
{
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public static ModbusEndpoint Endpoint(
        int port, ModbusTransport transport = ModbusTransport.Tcp, string host = "127.0.0.1", TimeSpan? silence = null, TimeSpan? connectTimeout = null) =>
        new(host, port, transport, connectTimeout ?? TimeSpan.FromSeconds(5), RequestTimeout, silence ?? TimeSpan.Zero);

    public static ModbusClient Tcp(int port, TimeProvider? time = null) => new(Endpoint(port), time ?? TimeProvider.System);

    public static ModbusClient Rtu(int port, TimeProvider? time = null, TimeSpan? silence = null) =>
        new(Endpoint(port, ModbusTransport.RtuOverTcp, silence: silence), time ?? TimeProvider.System);

    /// <summary>A client whose next transaction id is given, for frames recorded elsewhere.</summary>
    public static ModbusClient TcpFrom(int port, ushort transaction)
    {
        var endpoint = Endpoint(port);
        return new ModbusClient(
            endpoint,
            new SocketWire(endpoint.Host, port, endpoint.ConnectTimeout, TimeProvider.System),
            new TcpFraming { NextTransaction = transaction },
            TimeProvider.System);
    }

    /// <summary>Reads one holding register 11 of unit 1.</summary>
    public static async Task<(ModbusResult Result, ushort Value)> ReadOneAsync(
        this ModbusClient client, byte unit = 1, CancellationToken cancellationToken = default)
    {
        var destination = new ushort[1];
        var result = await client.ReadRegistersAsync(unit, ModbusTable.HoldingRegister, 11, destination, cancellationToken);
        return (result, destination[0]);
    }
}
