using System.Diagnostics;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>RTU on pseudo-terminals, with pymodbus' RTU server on the other end.</summary>
public class SerialLineTests
{
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
    public async Task Read_AdapterPulledOutAndPutBack_FailsMeanwhileAndGoesOn()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 1000);
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));

        await bus.PullOutAsync();
        Assert.Contains((await TryReadAsync(client)).Fault, new[] { ModbusFault.ConnectionLost, ModbusFault.LineNotFound });
        Assert.Equal(ModbusFault.LineNotFound, (await TryReadAsync(client)).Fault);

        await bus.PlugInAsync();
        Assert.Equal([1000], await ReadAsync(client, 1, 0, 1));
    }

    [Fact]
    public async Task Read_NoiseBetweenRequests_IsNeverAValue()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 700);
        var random = new Random(5);
        var right = 0;
        for (var round = 0; round < 12; round++)
        {
            var noise = new byte[random.Next(1, 40)];
            random.NextBytes(noise);
            await bus.ShoutAsync(noise);
            var words = new ushort[2];
            if (!(await client.ReadRegistersAsync(1, ModbusTable.HoldingRegister, 20, words, default)).IsSuccess) continue;
            Assert.Equal([1020, 1021], words);
            right++;
        }

        await Eventually.IsTrue(async () => (await TryReadAsync(client)).IsSuccess);
        Assert.True(right > 0);
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
        await using var client = bus.Connect(timeoutMs: 60_000);
        using var stop = new CancellationTokenSource();
        var reading = client.ReadRegistersAsync(9, ModbusTable.HoldingRegister, 0, new ushort[1], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
        await using var next = bus.Connect(timeoutMs: 3000);
        Assert.Equal([1000], await ReadAsync(next, 1, 0, 1));
    }

    [Fact]
    public async Task Read_LineThatAnotherProgramHolds_IsInUse()
    {
        await using var bus = await SerialBus.StartAsync();
        var first = bus.Connect();
        await using var second = bus.Connect();
        await ReadAsync(first, 1, 0, 1);

        Assert.Equal(ModbusFault.LineInUse, (await TryReadAsync(second)).Fault);

        await first.DisposeAsync();
        Assert.Equal([1000], await ReadAsync(second, 1, 0, 1));
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

    [Fact]
    public async Task Read_AdapterWithoutTheEchoThatIsExpected_IsRefused()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var client = bus.Connect(timeoutMs: 700, hasEcho: true);

        Assert.False((await TryReadAsync(client)).IsSuccess);
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
    public async Task EndpointOf_TwoNamesOfOneLine_AreOneEndpoint()
    {
        await using var bus = await SerialBus.StartAsync();
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        ConnectionConfig Connection(string device, string baud) => new("modbus_rtu", new Settings([new("device", device), new("baud_rate", baud)]));

        var real = SerialDevices.RealPath(bus.Device);
        Assert.NotEqual(real, bus.Device);
        Assert.Equal(driver.EndpointOf(Connection(real, "9600")), driver.EndpointOf(Connection(bus.Device, "9600")));
        Assert.NotEqual(driver.EndpointOf(Connection(real, "19200")), driver.EndpointOf(Connection(bus.Device, "9600")));
    }

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
