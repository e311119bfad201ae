using HPManager.Drivers.Modbus.Client;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>What goes on the wire for each function, byte for byte, and what is made of the answer.</summary>
public class ModbusClientFunctionTests
{
    // Whole frames of the NIBE and iDM protocol pages (NIBE F1, F2, F5; iDM 1012 and 1000 as read by others).
    [Theory]
    [InlineData(ModbusTable.InputRegister, 1, "0001 0000 0006 01 04 0001 0001", "0001 0000 0005 01 04 02 FFCB", "FFCB")]
    [InlineData(ModbusTable.HoldingRegister, 11, "0002 0000 0006 01 03 000B 0002", "0002 0000 0007 01 03 04 FDA8 FFFF", "FDA8 FFFF")]
    [InlineData(ModbusTable.HoldingRegister, 1012, "02F6 0000 0006 01 03 03F4 0002", "02F6 0000 0007 01 03 04 0000 BF80", "0000 BF80")]
    [InlineData(ModbusTable.InputRegister, 1000, "0001 0000 0006 01 04 03E8 0002", "0001 0000 0007 01 04 04 6666 40D6", "6666 40D6")]
    public async Task ReadRegisters_RecordedFrames_AreSentAndUnderstood(ModbusTable table, ushort address, string request, string answer, string words)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Hex(answer)));
        await using var client = ModbusClients.TcpFrom(server.Port, TransactionOf(request));
        var destination = new ushort[Hex(words).Length / 2];

        var result = await client.ReadRegistersAsync(1, table, address, destination, default);

        Assert.Equal(Hex(request), Assert.Single(server.Requests));
        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal(Hex(words), destination.SelectMany(word => new[] { (byte)(word >> 8), (byte)word }));
    }

    // NIBE F3, F4; iDM writes of 74, 1401, 1032, 1710 and 1696.
    [Theory]
    [InlineData(11, "FFFF FDA8", "0003 0000 000B 01 10 000B 0002 04 FFFF FDA8", "0003 0000 0006 01 10 000B 0002")]
    [InlineData(22, "0001", "0004 0000 0009 01 10 0016 0001 02 0001", "0004 0000 0006 01 10 0016 0001")]
    [InlineData(74, "7AE1 4084", "02EF 0000 000B 01 10 004A 0002 04 7AE1 4084", "02EF 0000 0006 01 10 004A 0002")]
    [InlineData(1401, "0000 41B0", "0002 0000 000B 01 10 0579 0002 04 0000 41B0", "0002 0000 0006 01 10 0579 0002")]
    [InlineData(1032, "0030", "0003 0000 0009 01 10 0408 0001 02 0030", "0003 0000 0006 01 10 0408 0001")]
    [InlineData(1710, "0001", "0004 0000 0009 01 10 06AE 0001 02 0001", "0004 0000 0006 01 10 06AE 0001")]
    [InlineData(1696, "0000 420C", "0005 0000 000B 01 10 06A0 0002 04 0000 420C", "0005 0000 0006 01 10 06A0 0002")]
    public async Task WriteRegisters_RecordedFrames_AreSentAndUnderstood(ushort address, string words, string request, string answer)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Hex(answer)));
        await using var client = ModbusClients.TcpFrom(server.Port, TransactionOf(request));
        var values = Hex(words).Chunk(2).Select(pair => (ushort)((pair[0] << 8) | pair[1])).ToArray();

        var result = await client.WriteRegistersAsync(1, address, values, default);

        Assert.Equal(Hex(request), Assert.Single(server.Requests));
        Assert.True(result.IsSuccess, result.Detail);
    }

    // NIBE F5 and the refusal of the iDM page.
    [Theory]
    [InlineData(2176, "0005 0000 0006 01 04 0880 0002", "0005 0000 0003 01 84 01", ModbusException.IllegalFunction)]
    [InlineData(1000, "0006 0000 0006 01 04 03E8 0002", "0006 0000 0003 01 84 02", ModbusException.IllegalDataAddress)]
    public async Task ReadRegisters_RecordedRefusals_AreSentAndUnderstood(ushort address, string request, string answer, ModbusException expected)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Hex(answer)));
        await using var client = ModbusClients.TcpFrom(server.Port, TransactionOf(request));

        var result = await client.ReadRegistersAsync(1, ModbusTable.InputRegister, address, new ushort[2], default);

        Assert.Equal(Hex(request), Assert.Single(server.Requests));
        Assert.Equal((ModbusFault.DeviceException, expected), (result.Fault, result.Exception));
        Assert.True(client.IsConnected);
    }

    // The examples of the Modbus Application Protocol V1.1b3, sections 6.1, 6.2, 6.5, 6.6 and 6.11.
    [Fact]
    public async Task ReadBits_ExamplesOfTheSpecification_AreSentAndUnderstood()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(
            Tcp(request[1], 1, Hex(request[7] == 1 ? "01 03 CD 6B 05" : "02 03 AC DB 35"))));
        await using var client = ModbusClients.Tcp(server.Port);
        var coils = new bool[19];
        var inputs = new bool[22];

        var first = await client.ReadBitsAsync(1, ModbusTable.Coil, 19, coils, default);
        var second = await client.ReadBitsAsync(1, ModbusTable.DiscreteInput, 196, inputs, default);

        Assert.True(first.IsSuccess && second.IsSuccess);
        Assert.Equal([Tcp(1, 1, Hex("01 0013 0013")), Tcp(2, 1, Hex("02 00C4 0016"))], server.Requests);
        Assert.Equal("1011001111010110101", Bits(coils));
        Assert.Equal("0011010111011011101011", Bits(inputs));
    }

    [Fact]
    public async Task Write_ExamplesOfTheSpecification_AreSentAndUnderstood()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request)));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.True((await client.WriteCoilAsync(1, 172, value: true, default)).IsSuccess);
        Assert.True((await client.WriteCoilAsync(1, 172, value: false, default)).IsSuccess);
        Assert.True((await client.WriteRegisterAsync(1, 1, 3, default)).IsSuccess);
        Assert.True((await client.WriteCoilsAsync(1, 19, Bits("1011001110"), default)).IsSuccess);

        Assert.Equal(
            [
                Tcp(1, 1, Hex("05 00AC FF00")),
                Tcp(2, 1, Hex("05 00AC 0000")),
                Tcp(3, 1, Hex("06 0001 0003")),
                Tcp(4, 1, Hex("0F 0013 000A 02 CD 01")),
            ],
            server.Requests);
    }

    [Fact]
    public async Task Read_TheMostOneRequestMayAskFor_IsRead()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(
            AnswerTcp(request, [.. Enumerable.Range(0, request[7] == 4 ? 125 : 250).Select(i => (ushort)(i * 11))])));
        await using var client = ModbusClients.Tcp(server.Port);
        var registers = new ushort[125];
        var bits = new bool[2000];

        Assert.True((await client.ReadRegistersAsync(1, ModbusTable.InputRegister, 65535 - 124, registers, default)).IsSuccess);
        Assert.True((await client.ReadBitsAsync(1, ModbusTable.Coil, 0, bits, default)).IsSuccess);

        Assert.Equal(Enumerable.Range(0, 125).Select(i => (ushort)(i * 11)), registers);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (((byte)(i / 8 * 11)) >> (i % 8) & 1) != 0), bits);
    }

    [Fact]
    public async Task Write_TheMostOneRequestMayHold_IsSentWhole()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request)));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.True((await client.WriteRegistersAsync(1, 0, new ushort[123], default)).IsSuccess);
        Assert.True((await client.WriteCoilsAsync(1, 0, new bool[1968], default)).IsSuccess);

        Assert.Equal([7 + 6 + 246, 7 + 6 + 246], server.Requests.Select(request => request.Length));
    }

    [Fact]
    public async Task Read_ByOneClientOfSeveralUnits_ReachesEachUnit()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, request[6])));
        await using var client = ModbusClients.Tcp(server.Port);

        foreach (byte unit in new byte[] { 1, 7, 247, 0, 255 })
        {
            var (result, value) = await client.ReadOneAsync(unit);
            Assert.Equal((ModbusFault.None, unit), (result.Fault, value));
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Read_PastTheLastTransactionId_GoesOnFromZero()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 5)));
        await using var client = ModbusClients.TcpFrom(server.Port, 0xFFFF);

        Assert.True((await client.ReadOneAsync()).Result.IsSuccess);
        Assert.True((await client.ReadOneAsync()).Result.IsSuccess);

        Assert.Equal(["FFFF", "0000"], server.Requests.Select(request => Convert.ToHexString(request[..2])));
    }

    [Fact]
    public async Task Counters_AfterRequests_CountThemAndTheirBytes()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendAsync(AnswerTcp(request, 5)));
        await using var client = ModbusClients.Tcp(server.Port);

        await client.ReadOneAsync();
        await client.ReadOneAsync();

        Assert.Equal((2, 24, 22), (client.RequestCount, client.BytesSent, client.BytesReceived));
    }

    [Theory]
    [InlineData(ModbusTable.HoldingRegister, 0, 0)]
    [InlineData(ModbusTable.HoldingRegister, 0, 126)]
    [InlineData(ModbusTable.HoldingRegister, 65535, 2)]
    [InlineData(ModbusTable.Coil, 0, 1)]
    [InlineData((ModbusTable)9, 0, 1)]
    public async Task ReadRegisters_OutsideWhatARequestCanSay_Throws(ModbusTable table, ushort address, int count)
    {
        await using var client = ModbusClients.Tcp(1);

        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(async () =>
            await client.ReadRegistersAsync(1, table, address, new ushort[count], default));
    }

    [Fact]
    public async Task OtherRequests_OutsideWhatARequestCanSay_Throw()
    {
        await using var client = ModbusClients.Tcp(1);

        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(async () => await client.ReadBitsAsync(1, ModbusTable.Coil, 0, new bool[2001], default));
        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(async () =>
            await client.ReadBitsAsync(1, ModbusTable.InputRegister, 0, new bool[1], default));
        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(async () => await client.WriteRegistersAsync(1, 0, new ushort[124], default));
        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(async () => await client.WriteCoilsAsync(1, 0, new bool[1969], default));
    }

    private static ushort TransactionOf(string frame) => Convert.ToUInt16(frame[..4], 16);

    private static string Bits(bool[] bits) => string.Concat(bits.Select(bit => bit ? '1' : '0'));

    private static bool[] Bits(string bits) => [.. bits.Select(bit => bit == '1')];
}
