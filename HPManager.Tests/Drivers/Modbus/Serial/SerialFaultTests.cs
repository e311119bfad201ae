using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Framing;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Client.Wire;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>What lines do: noise, echo, late answers, adapters that go. Whatever happens, what is taken for a value is one.</summary>
public class SerialFaultTests
{
    [Fact]
    public async Task Read_AdapterPulledOutAndPutBack_FailsMeanwhileAndGoesOn()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 1000);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(1000, (await ReadAsync(client, 0)).Value);

            // The end of the line may be noticed before the read or by it.
            await bus.PullOutAsync();
            var fault = (await ReadAsync(client, 0)).Result.Fault;
            if (fault == ModbusFault.ConnectionLost) fault = (await ReadAsync(client, 0)).Result.Fault;
            Assert.Equal(ModbusFault.LineNotFound, fault);

            await bus.PlugInAsync();
        }

        Assert.Equal(1000, (await ReadAsync(client, 0)).Value);
    }

    [Fact]
    public async Task Read_AdapterPulledOutMeanwhile_IsLostAtOnce()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 60_000);
        var reading = client.ReadRegistersAsync(9, ModbusTable.HoldingRegister, 0, new ushort[1], default).AsTask();
        await Eventually.IsTrue(() => client.BytesSent == 8);

        await bus.PullOutAsync();

        Assert.Equal(ModbusFault.ConnectionLost, (await reading.WaitAsync(TimeSpan.FromSeconds(10))).Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_DamagedAnswers_AreNeverValues(int seed)
    {
        await using var bus = await SerialBus.StartAsync("--noise", $"{seed}");
        await using var client = bus.Connect(timeoutMs: 100);
        var (right, wrong) = (0, 0);
        for (var round = 0; round < 40; round++)
        {
            var words = new ushort[2];
            var address = (ushort)(round * 3);
            var result = await client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, address, words, default);
            Assert.Equal(result.IsSuccess ? [(ushort)(address + 1000), (ushort)(address + 1001)] : [0, 0], words);
            if (result.IsSuccess) right++;
            else wrong++;
        }

        Assert.True(right > 3 && wrong > 10, $"{right} right, {wrong} wrong");
    }

    [Fact]
    public async Task Read_NoiseBetweenRequests_IsNotTakenForTheAnswer()
    {
        await using var bus = await SerialBus.StartAsync();
        var wire = new SerialWire(bus.Line(), TimeProvider.System);
        await using var client = new ModbusClient(
            ModbusEndpoint.On(bus.Line(), TimeSpan.FromMilliseconds(500)), wire, new RtuFraming(), TimeProvider.System);
        var random = new Random(5);
        var right = 0;
        for (var round = 0; round < 12; round++)
        {
            var noise = new byte[random.Next(1, 40)];
            random.NextBytes(noise);

            // Each other time what looks just like the answer to come, but before it was asked for: it has arrived by then, for later it would be one.
            if (!wire.IsOpen) Assert.True((await wire.OpenAsync(default)).IsSuccess);
            await bus.ShoutAsync(round % 2 == 0 ? noise : ModbusFrames.Rtu(1, 3, 2, 0x11, 0x11));
            await Eventually.IsTrue(() => wire.PeekIdle() == WireIdle.BytesWaiting);
            var (result, value) = await ReadAsync(client, 20);
            if (!result.IsSuccess) continue;
            Assert.Equal(1020, value);
            right++;
        }

        Assert.True(right > 0);
    }

    [Fact]
    public async Task Read_AnswerAfterTheLimit_IsNotTheNextOnes()
    {
        await using var bus = await SerialBus.StartAsync("--late", "1:0.3");
        await using var client = bus.Connect(timeoutMs: 200);

        Assert.Equal(ModbusFault.Timeout, (await ReadAsync(client, 5)).Result.Fault);
        Assert.Equal(1006, (await ReadAsync(client, 6)).Value);
        Assert.Equal(1007, (await ReadAsync(client, 7)).Value);
    }

    [Fact]
    public async Task Exchange_AdapterThatEchoes_SkipsTheEcho()
    {
        await using var bus = await SerialBus.StartAsync("--echo");
        await using var client = bus.Connect(hasEcho: true);

        for (ushort address = 0; address < 10; address++) Assert.Equal(1000 + address, (await ReadAsync(client, address)).Value);
        Assert.True((await client.WriteRegisterAsync(7, 3, 42, default)).IsSuccess);
        Assert.True((await client.WriteRegistersAsync(7, 4, new ushort[] { 43, 44 }, default)).IsSuccess);
        Assert.Equal(43, (await ReadAsync(client, 4, unit: 7)).Value);
    }

    [Fact]
    public async Task Read_AdapterThatEchoesUnknown_IsNeverAValue()
    {
        await using var bus = await SerialBus.StartAsync("--echo");
        await using var client = bus.Connect(timeoutMs: 200);

        for (ushort address = 0; address < 3; address++) Assert.False((await ReadAsync(client, address)).Result.IsSuccess);
    }

    [Fact]
    public async Task Read_AdapterWithoutTheEchoThatIsExpected_IsRefused()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 300, hasEcho: true);

        Assert.Contains((await ReadAsync(client, 0)).Result.Fault, new[] { ModbusFault.BadLength, ModbusFault.Timeout });
    }

    [Fact]
    public async Task Read_CancelledWithHalfAnAnswer_EndsAtOnceAndTheRestIsNotTheNextAnswer()
    {
        await using var pair = await SerialPair.StartAsync();
        await using var device = new FileStream(pair.FarEnd, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await using var client = new ModbusClient(
            ModbusEndpoint.On(new SerialLine(pair.Device, 19_200, SerialParity.None, 1, HasEcho: false), TimeSpan.FromMilliseconds(500)), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var request = new byte[8];
        var frame = ModbusFrames.Rtu(1, 3, 2, 0x11, 0x11);

        var first = client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, new ushort[1], stop.Token).AsTask();
        await device.ReadExactlyAsync(request, CancellationToken.None);
        await device.WriteAsync(frame.AsMemory(0, 3), CancellationToken.None);
        await Eventually.IsTrue(() => client.BytesReceived == 3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
        await device.WriteAsync(frame.AsMemory(3), CancellationToken.None);

        var words = new ushort[1];
        var second = client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, words, default).AsTask();
        await device.ReadExactlyAsync(request, CancellationToken.None);
        await device.WriteAsync(ModbusFrames.Rtu(1, 3, 2, 0x22, 0x22), CancellationToken.None);

        Assert.True((await second).IsSuccess);
        Assert.Equal(0x2222, words[0]);
    }

    private static async Task<(ModbusResult Result, ushort Value)> ReadAsync(ModbusClient client, ushort address, byte unit = 1)
    {
        var words = new ushort[1];
        var result = await client.ReadRegistersAsync(unit, ModbusTable.HoldingRegister, address, words, default);
        return (result, words[0]);
    }
}
