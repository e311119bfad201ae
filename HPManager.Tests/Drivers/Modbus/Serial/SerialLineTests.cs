using System.Diagnostics;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>RTU on pseudo-terminals, with pymodbus' RTU server on the other end.</summary>
public class SerialLineTests
{
    private const string Holder = """
        import sys, serial
        try:
            line = serial.Serial(sys.argv[1], exclusive=True)
            print("held", flush=True)
            sys.stdin.read()
        except serial.SerialException:
            print("busy", flush=True)
        """;

    [Fact]
    public async Task Read_SeveralUnitsOnOneWire_KeepsThemApart()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect();

        for (var round = 0; round < 5; round++)
        {
            Assert.Equal([1000, 1001, 1002], await ReadAsync(client, unit: 1, 0, 3));
            Assert.Equal([10050], await ReadAsync(client, unit: 7, 5, 1));
        }

        Assert.Equal(125, (await ReadAsync(client, unit: 1, 10, 125)).Length);
    }

    [Fact]
    public async Task Write_RegistersAndCoil_AreThereAfterwards()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect();

        Assert.True((await client.WriteRegisterAsync(7, 3, 42, default)).IsSuccess);
        Assert.True((await client.WriteCoilAsync(1, 4, value: true, default)).IsSuccess);

        Assert.Equal([42], await ReadAsync(client, unit: 7, 3, 1));
        var bits = new bool[1];
        Assert.True((await client.ReadBitsAsync(1, ModbusTable.Coil, 4, bits, default)).IsSuccess);
        Assert.True(bits[0]);
    }

    [Fact]
    public async Task Read_NobodyOfThatUnit_TimesOutAndTheOthersStillAnswer()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 400);
        var words = new ushort[1];

        Assert.Equal(ModbusFault.Timeout, (await client.ReadRegistersAsync(9, ModbusTable.HoldingRegister, 0, words, default)).Fault);
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
    }

    [Fact]
    public async Task Read_Cancelled_EndsAtOnceAndTheLineCanBeOpenedAgain()
    {
        await using var bus = await SerialBus.StartAsync();
        var client = bus.Connect(timeoutMs: 60_000);
        using var stop = new CancellationTokenSource();
        var reading = client.ReadRegistersAsync(9, ModbusTable.HoldingRegister, 0, new ushort[1], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
        await client.DisposeAsync();
        await using var next = bus.Connect(timeoutMs: 3000);
        Assert.Equal([1000], await ReadAsync(next, 1, 0, 1));
    }

    [Fact]
    public async Task Read_LineThatThisProgramHolds_IsInUse()
    {
        await using var bus = await SerialBus.StartAsync();
        var first = bus.Connect();
        await using var second = bus.Connect();
        await ReadAsync(first, 1, 0, 1);

        Assert.Equal(ModbusFault.LineInUse, (await TryReadAsync(second)).Fault);

        await first.DisposeAsync();
        Assert.Equal([1000], await ReadAsync(second, 1, 0, 1));
    }

    [Fact]
    public async Task Read_LineThatAnotherProgramHolds_IsInUseUntilItEnds()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect();
        var other = SerialPair.Run("/usr/bin/python3", "-c", Holder, bus.Device);
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());

        var result = await TryReadAsync(client);
        await SerialPair.EndAsync(other);

        Assert.Equal(ModbusFault.LineInUse, result.Fault);
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
    }

    [Fact]
    public async Task Open_Line_KeepsOtherProgramsOut()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect();
        await ReadAsync(client, 1, 0, 1);

        using var other = SerialPair.Run("/usr/bin/python3", "-c", Holder, bus.Device);

        Assert.Equal("busy", await other.StandardOutput.ReadLineAsync());
        await SerialPair.EndAsync(other);
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
    }

    [Fact]
    public async Task Dispose_OpenLine_LetsGoOfIt()
    {
        await using var bus = await SerialBus.StartAsync();
        var real = SerialDevices.RealPath(bus.Device);
        for (var round = 0; round < 20; round++)
        {
            await using var client = bus.Connect();
            Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
            Assert.Single(Handles(real));
        }

        Assert.Empty(Handles(real));
    }

    [Theory]
    [InlineData("/dev/nowhere", ModbusFault.LineNotFound)]
    [InlineData("relative", ModbusFault.LineNotFound)]
    [InlineData("/dev/null", ModbusFault.LineUnusable)]
    [InlineData("/etc/hostname", ModbusFault.LineUnusable)]
    public async Task Read_WhatIsNoSerialLine_SaysSo(string path, ModbusFault fault)
    {
        await using var client = new ModbusClient(
            ModbusEndpoint.On(new SerialLine(path, 9600, SerialParity.Even, 2, HasEcho: false), TimeSpan.FromSeconds(1)), TimeProvider.System);

        var result = await TryReadAsync(client);

        Assert.Equal(fault, result.Fault);
        Assert.Contains(path, result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9600, SerialParity.None, 1, 3.646)]
    [InlineData(9600, SerialParity.Even, 1, 4.010)]
    [InlineData(19_200, SerialParity.None, 1, 1.823)]
    [InlineData(115_200, SerialParity.Even, 1, 1.75)]
    [InlineData(1200, SerialParity.None, 2, 32.083)]
    public void Silence_FollowsTheSpeed(int baudRate, SerialParity parity, int stopBits, double milliseconds) =>
        Assert.Equal(milliseconds, new SerialLine("/dev/ttyS0", baudRate, parity, stopBits, HasEcho: false).Silence.TotalMilliseconds, 2);

    [Fact]
    public async Task Read_RightAfterAnother_WaitsForTheSilenceOfTheLine()
    {
        var time = new ManualTime();
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(time: time);
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
        var sent = client.BytesSent;

        var second = ReadAsync(client, 1, 0, 1);
        time.Advance(TimeSpan.FromMilliseconds(3.6));
        Assert.Equal(sent, client.BytesSent);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(0.4));

        Assert.Equal([1000], await second.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(12_345, 1)]
    [InlineData(9600, 0)]
    [InlineData(9600, 3)]
    public void Client_LineThatCannotBe_IsRefused(int baudRate, int stopBits) => Assert.Throws<ArgumentOutOfRangeException>(() => new ModbusClient(
        ModbusEndpoint.On(new SerialLine("/dev/ttyS0", baudRate, SerialParity.None, stopBits, HasEcho: false), TimeSpan.FromSeconds(1)), TimeProvider.System));

    [Fact]
    public async Task SetUp_Line_HasSpeedParityAndStopBits()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = new ModbusClient(
            ModbusEndpoint.On(new SerialLine(bus.Device, 38_400, SerialParity.Odd, 2, HasEcho: false), TimeSpan.FromMilliseconds(300)), TimeProvider.System);
        await TryReadAsync(client);
        await TryReadAsync(client);

        // A pseudo-terminal keeps what it was set to, and stty tells.
        using var stty = Process.Start(new ProcessStartInfo("stty", ["-F", bus.Device, "-a"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var told = await stty.StandardOutput.ReadToEndAsync();
        await stty.WaitForExitAsync();

        Assert.Contains("speed 38400 baud", told, StringComparison.Ordinal);
        Assert.Contains(" cstopb", told, StringComparison.Ordinal);
        Assert.Contains(" -icanon", told, StringComparison.Ordinal);
        Assert.Contains(" -echo ", told, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Handles(string path) =>
        Directory.GetFiles("/proc/self/fd").Where(link => SerialDevices.RealPath(link) == path);

    private static async Task<ModbusResult> TryReadAsync(ModbusClient client) =>
        await client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 0, new ushort[1], default);

    private static async Task<ushort[]> ReadAsync(ModbusClient client, byte unit, ushort address, int count)
    {
        var words = new ushort[count];
        var result = await client.ReadRegistersAsync(unit, ModbusTable.HoldingRegister, address, words, default);
        Assert.True(result.IsSuccess, $"{result.Fault}: {result.Detail}");
        return words;
    }
}
