using System.Text;
using HPManager.Drivers.Modbus.Client;
using HPManager.Tests.Shared;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Answers over Modbus TCP that must not be believed: each has its reason, closes the connection, and spoils nothing after it.</summary>
public class ModbusClientDoubtTests
{
    // The request is always 0001 0000 0006 01 03 000B 0001.
    [Theory]
    [InlineData("0002 0000 0005 01 03 02 1111", ModbusFault.WrongTransaction)]
    [InlineData("0001 0001 0005 01 03 02 1111", ModbusFault.NotModbus)]
    [InlineData("0001 0000 0005 02 03 02 1111", ModbusFault.WrongUnit)]
    [InlineData("0001 0000 0005 01 04 02 1111", ModbusFault.WrongFunction)]
    [InlineData("0001 0000 0003 01 84 02", ModbusFault.WrongFunction)]
    [InlineData("0001 0000 0007 01 03 04 1111 2222", ModbusFault.BadLength)]
    [InlineData("0001 0000 0005 01 03 04 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 0005 01 03 00 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 0006 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 0000 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 0002 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 00FF 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 FFFF 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("0001 0000 0004 01 83 02 00", ModbusFault.BadLength)]
    [InlineData("0001 0000 0005 01 03 02 1111 00", ModbusFault.BadLength)]
    [InlineData("0001 0000 0005 01 03 02 1111 0001 0000 0005 01 03 02 1111", ModbusFault.BadLength)]
    [InlineData("00 03 00 FF 00 00 00", ModbusFault.NotModbus)]
    public async Task Read_AnswerThatDoesNotFit_FailsClosesAndTheNextOneWorks(string answer, ModbusFault expected)
    {
        await using var server = FakeModbusServer.Tcp((connection, request) =>
            connection.SendAsync(connection.Number == 1 ? Hex(answer) : AnswerTcp(request, 2222)));
        await using var client = ModbusClients.Tcp(server.Port);

        var (result, value) = await client.ReadOneAsync();
        Assert.Equal((expected, (ushort)0), (result.Fault, value));
        Assert.False(result.IsSuccess);
        Assert.NotEmpty(result.Detail);
        Assert.False(client.IsConnected);

        (result, value) = await client.ReadOneAsync();
        Assert.Equal((ModbusFault.None, (ushort)2222), (result.Fault, value));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("06 000C 0003")]
    [InlineData("06 000B 0004")]
    public async Task WriteRegister_AcknowledgedDifferently_IsAMismatch(string pdu)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Tcp(1, 1, Hex(pdu))));
        await using var client = ModbusClients.Tcp(server.Port);

        var result = await client.WriteRegisterAsync(1, 11, 3, default);

        Assert.Equal(ModbusFault.EchoMismatch, result.Fault);
        Assert.False(client.IsConnected);
    }

    [Theory]
    [InlineData("10 000B 0001")]
    [InlineData("10 000A 0002")]
    public async Task WriteRegisters_AcknowledgedDifferently_IsAMismatch(string pdu)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Tcp(1, 1, Hex(pdu))));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(ModbusFault.EchoMismatch, (await client.WriteRegistersAsync(1, 11, new ushort[] { 1, 2 }, default)).Fault);
    }

    [Fact]
    public async Task WriteCoil_AcknowledgedWithTheOppositeState_IsAMismatch()
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Tcp(1, 1, Hex("05 000B 0000"))));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(ModbusFault.EchoMismatch, (await client.WriteCoilAsync(1, 11, value: true, default)).Fault);
    }

    [Theory]
    [InlineData(1, ModbusException.IllegalFunction)]
    [InlineData(2, ModbusException.IllegalDataAddress)]
    [InlineData(3, ModbusException.IllegalDataValue)]
    [InlineData(4, ModbusException.ServerDeviceFailure)]
    [InlineData(5, ModbusException.Acknowledge)]
    [InlineData(6, ModbusException.ServerDeviceBusy)]
    [InlineData(8, ModbusException.MemoryParityError)]
    [InlineData(10, ModbusException.GatewayPathUnavailable)]
    [InlineData(11, ModbusException.GatewayTargetFailedToRespond)]
    [InlineData(0x63, (ModbusException)0x63)]
    public async Task Read_Refused_KeepsTheReasonAndTheConnection(byte code, ModbusException expected)
    {
        await using var server = FakeModbusServer.Tcp((connection, request) =>
            connection.SendAsync(request[1] == 1 ? Tcp(1, 1, 0x83, code) : AnswerTcp(request, 7)));
        await using var client = ModbusClients.Tcp(server.Port);

        var (refused, _) = await client.ReadOneAsync();
        var (next, value) = await client.ReadOneAsync();

        Assert.True(refused.IsDeviceException);
        Assert.False(refused.IsSuccess);
        Assert.Equal(expected, refused.Exception);
        Assert.Contains($"code {code} ", refused.Detail, StringComparison.Ordinal);
        Assert.Equal((ModbusFault.None, (ushort)7), (next.Fault, value));
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "HTTP")]
    [InlineData("<html><body>", "HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2", "SSH")]
    public async Task Read_AnotherProtocolOnThePort_SaysWhichOne(string answer, string named)
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Encoding.ASCII.GetBytes(answer)));
        await using var client = ModbusClients.Tcp(server.Port);

        var (result, _) = await client.ReadOneAsync();

        Assert.Equal(ModbusFault.NotModbus, result.Fault);
        Assert.Contains(named, result.Detail, StringComparison.Ordinal);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Read_TlsAlert_SaysThatThePortExpectsEncryption()
    {
        await using var server = FakeModbusServer.Tcp((connection, _) => connection.SendAsync(Hex("15 03 01 00 02 02 46")));
        await using var client = ModbusClients.Tcp(server.Port);

        var (result, _) = await client.ReadOneAsync();

        Assert.Equal(ModbusFault.NotModbus, result.Fault);
        Assert.Contains("TLS", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AnswerByteByByte_IsPutTogether()
    {
        await using var server = FakeModbusServer.Tcp((connection, request) => connection.SendByteByByteAsync(AnswerTcp(request, 513)));
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(513, (await client.ReadOneAsync()).Value);
        Assert.Equal(513, (await client.ReadOneAsync()).Value);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Read_HalfAnAnswerAndThenTheRest_IsPutTogether()
    {
        var client = (ModbusClient?)null;
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            var answer = AnswerTcp(request, 513);
            await connection.SendAsync(answer[..8]);
            await Eventually.IsTrue(() => client!.BytesReceived == 8);
            await connection.SendAsync(answer[8..]);
        });
        await using var reader = client = ModbusClients.Tcp(server.Port);

        Assert.Equal(513, (await reader.ReadOneAsync()).Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Read_ConnectionClosedBeforeTheAnswerIsWhole_IsLost(int bytes)
    {
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            await connection.SendAsync(AnswerTcp(request, 1)[..bytes]);
            connection.Close();
        });
        await using var client = ModbusClients.Tcp(server.Port);

        var (result, _) = await client.ReadOneAsync();

        Assert.Equal(ModbusFault.ConnectionLost, result.Fault);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Read_ConnectionReset_IsLost()
    {
        await using var server = FakeModbusServer.Tcp((connection, _) =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(ModbusFault.ConnectionLost, (await client.ReadOneAsync()).Result.Fault);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Read_SecondAnswerToTheLastRequestWaits_ReconnectsFirst()
    {
        var read = new TaskCompletionSource();
        var sentTwice = new TaskCompletionSource();
        await using var server = FakeModbusServer.Tcp(async (connection, request) =>
        {
            await connection.SendAsync(AnswerTcp(request, connection.Number == 1 ? (ushort)1111 : (ushort)2222));
            if (connection.Number != 1) return;
            await read.Task;
            // What the next request would take for its own answer if it were sent on this connection.
            await connection.SendAsync(Tcp(2, 1, 3, 2, 0x0B, 0xAD));
            sentTwice.SetResult();
        });
        await using var client = ModbusClients.Tcp(server.Port);

        Assert.Equal(1111, (await client.ReadOneAsync()).Value);
        read.SetResult();
        await sentTwice.Task;

        Assert.Equal(2222, (await client.ReadOneAsync()).Value);
        Assert.Equal(2, server.Connections);
    }
}
