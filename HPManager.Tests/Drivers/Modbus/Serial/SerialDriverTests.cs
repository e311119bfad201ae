using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Serial;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Client;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Profiles;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Modbus.Serial;

/// <summary>Driver and shipped profiles over serial frames, on a line and through a gateway, against devices written by others.</summary>
public class SerialDriverTests
{
    private const string DaikinTable = "daikin-home-hub.csv";
    private const string IdmTable = "idm-navigator-2.csv";

    [Fact]
    public async Task Poll_DaikinOnALine_ReadsEveryPointRightAndWrites()
    {
        await using var pair = await SerialPair.StartAsync();
        await using var device = await RegisterDevice.StartModelAsync(
            DaikinTable, "altherma3_homehub", "--fill", "32766", "--serial", pair.FarEnd);
        await using var site = DriverSite.Open(ShippedProfiles.Model("daikin", "altherma_3_homehub"), Settings.Empty, OnLine(pair.Device, unit: 1));

        for (var poll = 0; poll < 3; poll++) AssertAllRead(await site.PollAsync(), device.Expected["1"], atLeast: 52);
        Assert.Null(await site.WriteAsync("dhw_setpoint", 55));
        Assert.Equal("1 9 0037", await device.NextWriteAsync());
    }

    [Theory]
    [InlineData("modbus_rtu")]
    [InlineData("modbus_rtu_over_tcp")]
    public async Task Poll_SeveralNavigatorsInSerialFrames_KeepsThemApart(string kind)
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        await using var pair = await SerialPair.StartAsync();
        string[] options = kind == "modbus_rtu" ? ["--serial", pair.FarEnd] : ["--rtu"];
        await using var device = await RegisterDevice.StartAsync(IdmTable, bothTables: true, port: 0, [1, 2, 40], options);
        ConnectionConfig[] connections =
            [.. new byte[] { 1, 2, 40 }.Select(unit => kind == "modbus_rtu" ? OnLine(pair.Device, unit) : ThroughGateway(device.Port, unit, silenceMs: 1))];
        await using var site = DriverSite.Open(model, ShippedProfiles.Everything(model), connections);

        for (var i = 0; i < 3; i++) AssertAllRead(await site.PollAsync(i), device.Expected[new[] { "1", "2", "40" }[i]], atLeast: 80);
        AssertAllRead(await site.PollAsync(), device.Expected["1"], atLeast: 80);
        Assert.Null(await site.WriteAsync("dhw_setpoint", 48));
        Assert.Equal("1 1032 0030", await device.NextWriteAsync());
    }

    [Fact]
    public async Task Read_ThroughAGateway_KeepsThePauseThatIsSet()
    {
        var time = new ManualTime();
        await using var gateway = FakeModbusServer.Rtu((connection, request) => connection.SendAsync(ModbusFrames.AnswerRtu(request, 20)));
        await using var site = DriverSite.Open(
            ShippedProfiles.Model("daikin", "altherma_3_homehub"), Settings.Empty, time, ThroughGateway(gateway.Port, unit: 1, silenceMs: 50));
        var sensor = SensorKey.Parse("dhw_setpoint");
        Assert.Null((await site.Device.ReadAsync(sensor, DriverSite.At, default)).Failure);

        var second = site.Device.ReadAsync(sensor, DriverSite.At, default).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(second.IsCompleted);
        Assert.Single(gateway.Requests);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(20, (await second.WaitAsync(TimeSpan.FromSeconds(10))).Reading.Value);
    }

    [Fact]
    public async Task Poll_NobodyOfThatUnit_SpeaksOfTheWire()
    {
        await using var bus = await SerialBus.StartAsync();
        await using var site = DriverSite.Open(ShippedProfiles.Model("daikin", "altherma_3_homehub"), Settings.Empty, OnLine(bus.Device, unit: 9, answerMs: 200));

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.NoAnswer, failure.Cause);
        Assert.Contains("A and B", failure.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("connection", failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Poll_NoAdapter_SaysSo()
    {
        await using var site = DriverSite.Open(ShippedProfiles.Model("daikin", "altherma_3_homehub"), Settings.Empty, OnLine("/dev/nowhere", unit: 1));

        var failure = await site.FailAsync();

        Assert.Equal("There is no serial line /dev/nowhere.", failure.Message);
        Assert.Contains("plugged in", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_LineThatTheUserMayNotOpen_NamesTheGroup()
    {
        var result = ModbusResult.Failed(ModbusFault.LineForbidden, "this user may not open /dev/ttyUSB0");

        var failure = new ModbusFailures(ShippedProfiles.Model("daikin", "altherma_3_homehub"), OnLine("/dev/ttyUSB0", unit: 1)).Of(result);

        Assert.Equal("This user may not open /dev/ttyUSB0.", failure.Message);
        Assert.Contains("group dialout", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndpointOf_TwoNamesOfOneLine_AreOneEndpoint()
    {
        await using var pair = await SerialPair.StartAsync();
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        var real = File.ResolveLinkTarget(pair.Device, returnFinalTarget: true)!.FullName;

        Assert.Equal(driver.EndpointOf(OnLine(real, 1)), driver.EndpointOf(OnLine(pair.Device, 2)));
        Assert.NotEqual(driver.EndpointOf(OnLine(real, 1)), driver.EndpointOf(OnLine(pair.Device, 1, "19200")));
        Assert.NotEqual(driver.EndpointOf(OnLine(real, 1)), driver.EndpointOf(OnLine("/dev/nowhere", 1)));
    }

    [Fact]
    public async Task ConflictOf_OneLineWithTwoSpeeds_IsNamed()
    {
        await using var pair = await SerialPair.StartAsync();
        var driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        var real = File.ResolveLinkTarget(pair.Device, returnFinalTarget: true)!.FullName;
        var tcp = DriverSite.Connection(502, 1);

        Assert.Contains("19200 8N1", driver.ConflictOf(OnLine(pair.Device, 1), OnLine(real, 2, "19200")), StringComparison.Ordinal);
        Assert.Null(driver.ConflictOf(OnLine(pair.Device, 1), OnLine(real, 2)));
        Assert.Null(driver.ConflictOf(OnLine(pair.Device, 1), OnLine("/dev/nowhere", 2, "19200")));
        Assert.Null(driver.ConflictOf(OnLine(pair.Device, 1), tcp));
        Assert.Null(driver.ConflictOf(tcp, tcp));
    }

    [Theory]
    [InlineData("baud_rate", "12345")]
    [InlineData("baud_rate", "0")]
    [InlineData("parity", "mark")]
    [InlineData("stop_bits", "1.5")]
    [InlineData("unit_id", "0")]
    [InlineData("unit_id", "248")]
    [InlineData("device", "ttyUSB0")]
    [InlineData("device", "../../dev/ttyUSB0")]
    [InlineData("device", "/dev/tty\nUSB0")]
    [InlineData("device", "")]
    [InlineData("echo", "maybe")]
    public void Settings_OutOfRange_AreRefusedByName(string key, string value)
    {
        var kind = ShippedProfiles.Model("daikin", "altherma_3_homehub").Connections.Single(offered => offered.Kind == "modbus_rtu");
        var right = kind.Parameters.WithDefaults(OnLine("/dev/ttyUSB0", 1).Settings);
        Assert.Empty(kind.Parameters.Check(right, "connection"));

        Assert.Equal($"connection.{key}", Assert.Single(kind.Parameters.Check(right.With(key, value), "connection")).Field);
    }

    [Fact]
    public void Defaults_ProfileWithASerialLineOfItsOwn_AreThose()
    {
        var defaults = ModbusConnections.Describe("modbus_rtu", new ConnectionDefaults(["modbus_rtu"], 502, 3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))
        {
            Serial = new SerialDefaults(19_200, SerialParity.Even, 2),
        });

        var settings = defaults.Parameters.WithDefaults(Settings.Empty);

        Assert.Equal(("19200", "even", "2", "3"), (settings["baud_rate"], settings["parity"], settings["stop_bits"], settings["unit_id"]));
    }

    private static ConnectionConfig ThroughGateway(int port, byte unit, int silenceMs)
    {
        var connection = DriverSite.Connection(port, unit, "modbus_rtu_over_tcp");
        return connection with { Settings = connection.Settings.With("silence_ms", silenceMs.ToString(CultureInfo.InvariantCulture)) };
    }

    private static ConnectionConfig OnLine(string device, byte unit, string baudRate = "9600", int answerMs = 5000) => new("modbus_rtu", new Settings(
    [
        new("device", device), new("baud_rate", baudRate), new("parity", "none"), new("stop_bits", "1"),
        new("unit_id", unit.ToString(CultureInfo.InvariantCulture)),
        new("request_timeout_ms", answerMs.ToString(CultureInfo.InvariantCulture)),
    ]));

    private static void AssertAllRead(Snapshot snapshot, Dictionary<string, double> expected, int atLeast)
    {
        var compared = 0;
        for (var position = 0; position < snapshot.Readings.Count; position++)
        {
            var sensor = snapshot.Sensors[position];
            if (!sensor.IsReadable || !expected.TryGetValue(sensor.Key.Value, out var value)) continue;
            var reading = snapshot.Readings[position];
            Assert.True(reading.Value.Equals(value), $"{sensor.Key} ({sensor.Address}): {DriverSite.Describe(reading)}, not {value}");
            compared++;
        }

        Assert.InRange(compared, atLeast, int.MaxValue);
    }
}
