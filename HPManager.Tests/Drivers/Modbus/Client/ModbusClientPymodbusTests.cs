using HPManager.Drivers.Modbus.Client;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>The client against a server written by others.</summary>
public class ModbusClientPymodbusTests
{
    [Theory]
    [InlineData(ModbusTransport.Tcp)]
    [InlineData(ModbusTransport.RtuOverTcp)]
    [InlineData(ModbusTransport.Udp)]
    public async Task EveryFunction_AgainstPymodbus_WorksAndIsReadBack(ModbusTransport transport)
    {
        await using var server = await PymodbusServer.StartAsync(transport);
        await using var client = new ModbusClient(ModbusClients.Endpoint(server.Port, transport), TimeProvider.System);

        Assert.Equal(Enumerable.Range(0, 125).Select(n => (ushort)(n + 1000)), await Words(client, 1, ModbusTable.HoldingRegister, 0, 125));
        Assert.Equal(Enumerable.Range(50, 10).Select(n => (ushort)(n + 2000)), await Words(client, 1, ModbusTable.InputRegister, 50, 10));
        Assert.Equal([10020], await Words(client, 7, ModbusTable.HoldingRegister, 2, 1));
        Assert.Equal(Enumerable.Range(3, 30).Select(n => n % 2 == 1), await Bits(client, ModbusTable.Coil, 3, 30));
        Assert.Equal(Enumerable.Range(3, 30).Select(n => n % 3 == 0), await Bits(client, ModbusTable.DiscreteInput, 3, 30));

        Done(await client.WriteRegisterAsync(1, 10, 0xFFFB, default));
        Done(await client.WriteRegistersAsync(7, 11, new ushort[] { 0xFFFF, 0xFDA8 }, default));
        Done(await client.WriteCoilAsync(1, 20, value: true, default));
        Done(await client.WriteCoilsAsync(1, 30, new[] { true, true, false, true, true, false, true, true, false, true }, default));

        Assert.Equal([0xFFFB, 1011, 1012], await Words(client, 1, ModbusTable.HoldingRegister, 10, 3));
        Assert.Equal([10100, 0xFFFF, 0xFDA8], await Words(client, 7, ModbusTable.HoldingRegister, 10, 3));
        Assert.Equal(new[] { true }, await Bits(client, ModbusTable.Coil, 20, 1));
        Assert.Equal(new[] { true, true, false, true, true, false, true, true, false, true, false }, await Bits(client, ModbusTable.Coil, 30, 11));

        var refused = await client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 5000, new ushort[2], default);
        Assert.Equal(ModbusException.IllegalDataAddress, refused.Exception);
        Assert.True(client.IsConnected);
        Assert.Equal([1005], await Words(client, 1, ModbusTable.HoldingRegister, 5, 1));
    }

    private static async Task<ushort[]> Words(ModbusClient client, byte unit, ModbusTable table, ushort address, int count)
    {
        var words = new ushort[count];
        Done(await client.ReadRegistersAsync(unit, table, address, words, default));
        return words;
    }

    private static async Task<bool[]> Bits(ModbusClient client, ModbusTable table, ushort address, int count)
    {
        var bits = new bool[count];
        Done(await client.ReadBitsAsync(1, table, address, bits, default));
        return bits;
    }

    private static void Done(ModbusResult result) => Assert.True(result.IsSuccess, result.Detail);
}
