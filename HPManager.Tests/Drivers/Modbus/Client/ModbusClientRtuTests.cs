using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;
using HPManager.Tests.Shared;
using static HPManager.Tests.Drivers.Modbus.Client.ModbusFrames;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Serial frames carried over TCP.</summary>
public class ModbusClientRtuTests
{
    [Fact]
    public void Crc_CheckValueOfTheCatalogue_Matches()
    {
        Assert.Equal(0x4B37, Crc16.Of("123456789"u8));
        Assert.Equal(0x4B37, Crc("123456789"u8));
    }

    // 11 03 006B 0003 with checksum 76 87 is the worked example that most descriptions of serial Modbus share.
    [Fact]
    public async Task ReadRegisters_WorkedExample_IsSentAndUnderstood()
    {
        await using var server = FakeModbusServer.Rtu((connection, _) => connection.SendAsync(Hex("11 03 06 AE41 5652 4340 49AD")));
        await using var client = ModbusClients.Rtu(server.Port);
        var destination = new ushort[3];

        var result = await client.ReadRegistersAsync(0x11, ModbusTable.HoldingRegister, 0x6B, destination, default);

        Assert.Equal(Hex("11 03 006B 0003 7687"), Assert.Single(server.Requests));
        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal([0xAE41, 0x5652, 0x4340], destination);
    }

    [Fact]
    public async Task EveryFunction_AnsweredProperly_IsFramedByItsOwnLength()
    {
        await using var server = FakeModbusServer.Rtu((connection, request) => connection.SendByteByByteAsync(
            AnswerRtu(request, request[1] switch { 1 or 2 => [0x05, 0x01], 3 or 4 => [77, 88], _ => [] })));
        await using var client = ModbusClients.Rtu(server.Port);
        var words = new ushort[2];
        var bits = new bool[9];

        foreach (var table in new[] { ModbusTable.InputRegister, ModbusTable.HoldingRegister })
        {
            Assert.True((await client.ReadRegistersAsync(3, table, 1, words, default)).IsSuccess);
            Assert.Equal([77, 88], words);
        }

        foreach (var table in new[] { ModbusTable.Coil, ModbusTable.DiscreteInput })
        {
            Assert.True((await client.ReadBitsAsync(3, table, 1, bits, default)).IsSuccess);
            Assert.Equal([true, false, true, false, false, false, false, false, true], bits);
        }

        Assert.True((await client.WriteCoilAsync(3, 5, value: true, default)).IsSuccess);
        Assert.True((await client.WriteRegisterAsync(3, 5, 6, default)).IsSuccess);
        Assert.True((await client.WriteCoilsAsync(3, 5, new[] { true, false }, default)).IsSuccess);
        Assert.True((await client.WriteRegistersAsync(3, 5, new ushort[] { 6, 7 }, default)).IsSuccess);

        Assert.All(server.Requests, request => Assert.Equal(WithCrc(request[..^2]), request));
        Assert.Equal([4, 3, 1, 2, 5, 6, 15, 16], server.Requests.Select(request => request[1]));
        Assert.Equal(1, server.Connections);
    }

    // The request is always 01 03 000B 0001; the checksum is appended unless the answer brings its own.
    [Theory]
    [InlineData("01 03 02 1111", ModbusFault.None)]
    [InlineData("01 83 02", ModbusFault.DeviceException)]
    [InlineData("02 03 02 1111", ModbusFault.WrongUnit)]
    [InlineData("01 04 02 1111", ModbusFault.WrongFunction)]
    [InlineData("01 84 02", ModbusFault.WrongFunction)]
    [InlineData("01 03 04 1111 2222", ModbusFault.BadLength)]
    [InlineData("01 03 00 1111", ModbusFault.BadLength)]
    [InlineData("01 03 02 1111 !0000", ModbusFault.BadCrc)]
    [InlineData("02 03 02 1111 !0000", ModbusFault.BadCrc)]
    [InlineData("01 83 02 !1234", ModbusFault.BadCrc)]
    [InlineData("01 03 02 1111 !7418 00", ModbusFault.BadLength)]
    [InlineData("48 54 54 50 2F 31 2E 31", ModbusFault.NotModbus)]
    public async Task Read_Answer_IsBelievedOnlyWhenAllOfItFits(string answer, ModbusFault expected)
    {
        var frame = answer.Contains('!', StringComparison.Ordinal) ? Hex(answer.Replace("!", "", StringComparison.Ordinal)) : WithCrc(Hex(answer));
        await using var server = FakeModbusServer.Rtu((connection, _) => connection.SendAsync(frame));
        await using var client = ModbusClients.Rtu(server.Port);

        var (result, value) = await client.ReadOneAsync();

        Assert.Equal(expected, result.Fault);
        Assert.Equal(expected == ModbusFault.None ? 0x1111 : 0, value);
        Assert.Equal(expected is ModbusFault.None or ModbusFault.DeviceException, client.IsConnected);
    }

    [Fact]
    public async Task WriteRegister_AcknowledgedDifferently_IsAMismatch()
    {
        await using var server = FakeModbusServer.Rtu((connection, _) => connection.SendAsync(WithCrc(Hex("01 06 000B 0004"))));
        await using var client = ModbusClients.Rtu(server.Port);

        Assert.Equal(ModbusFault.EchoMismatch, (await client.WriteRegisterAsync(1, 11, 3, default)).Fault);
    }

    [Fact]
    public async Task Read_RightAfterAnother_WaitsForTheSilenceOfTheLine()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Rtu((connection, request) => connection.SendAsync(AnswerRtu(request, 5)));
        await using var client = ModbusClients.Rtu(server.Port, time, silence: TimeSpan.FromMilliseconds(20));

        Assert.Equal(5, (await client.ReadOneAsync()).Value);
        var second = client.ReadOneAsync();
        time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(second.IsCompleted);
        Assert.Single(server.Requests);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(5, (await second).Value);
    }

    [Fact]
    public async Task Read_WhenTheLineHasBeenSilentLongEnough_DoesNotWait()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Rtu((connection, request) => connection.SendAsync(AnswerRtu(request, 5)));
        await using var client = ModbusClients.Rtu(server.Port, time, silence: TimeSpan.FromMilliseconds(20));

        Assert.Equal(5, (await client.ReadOneAsync()).Value);
        time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(5, (await client.ReadOneAsync()).Value);
    }

    [Fact]
    public async Task Read_CancelledDuringTheSilence_ThrowsAndTheNextOneWorks()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Rtu((connection, request) => connection.SendAsync(AnswerRtu(request, 5)));
        await using var client = ModbusClients.Rtu(server.Port, time, silence: TimeSpan.FromMilliseconds(20));
        using var cancel = new CancellationTokenSource();

        await client.ReadOneAsync(cancellationToken: CancellationToken.None);
        var second = client.ReadOneAsync(cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        time.Advance(ModbusClients.RequestTimeout);

        Assert.Equal(5, (await client.ReadOneAsync(cancellationToken: CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Read_GatewayHandsALateAnswerToTheNewConnection_IsNeverTheNextValue()
    {
        var time = new ManualTime();
        await using var server = FakeModbusServer.Rtu(
            (connection, request) => connection.Number == 1 ? Task.CompletedTask : connection.SendAsync(AnswerRtu(request, 2222)),
            connection => connection.Number == 2 ? connection.SendAsync(WithCrc(Hex("01 03 02 1111"))) : Task.CompletedTask);
        await using var client = ModbusClients.Rtu(server.Port, time);

        var first = client.ReadOneAsync();
        await Eventually.IsTrue(() => server.Requests.Count == 1);
        time.Advance(ModbusClients.RequestTimeout);
        Assert.Equal(ModbusFault.Timeout, (await first).Result.Fault);

        var second = client.ReadOneAsync();
        await Eventually.IsTrue(() => server.Connections == 2);
        Assert.Single(server.Requests);

        // In small steps: connecting has its own limit on the same clock and may take a moment of the real one.
        await Eventually.IsTrue(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return second.IsCompleted;
        });
        var (result, value) = await second;
        Assert.True(result.IsSuccess, result.Detail);
        Assert.Equal(2222, value);
        Assert.Equal(3, server.Connections);
    }
}
