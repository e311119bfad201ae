using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Driver;
using HPManager.Tests.Drivers.Modbus.Profiles;
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
            [.. new byte[] { 1, 2, 40 }.Select(unit => kind == "modbus_rtu" ? OnLine(pair.Device, unit) : DriverSite.Connection(device.Port, unit, kind))];
        await using var site = DriverSite.Open(model, ShippedProfiles.Everything(model), connections);

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 3; i++) AssertAllRead(await site.PollAsync(i), device.Expected[new[] { "1", "2", "40" }[i]], atLeast: 80);
        }

        Assert.Null(await site.WriteAsync("dhw_setpoint", 48));
        Assert.Equal("1 1032 0030", await device.NextWriteAsync());
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
            Serial = new SerialDefaults(19_200, HPManager.Drivers.Modbus.Client.Serial.SerialParity.Even, 2),
        });

        var settings = defaults.Parameters.WithDefaults(Settings.Empty);

        Assert.Equal(("19200", "even", "2", "3"), (settings["baud_rate"], settings["parity"], settings["stop_bits"], settings["unit_id"]));
    }

    private static ConnectionConfig OnLine(string device, byte unit, string baudRate = "9600", int answerMs = 5000) => new("modbus_rtu", new Settings(
    [
        new("device", device), new("baud_rate", baudRate), new("parity", "none"), new("stop_bits", "1"),
        new("unit_id", unit.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("request_timeout_ms", answerMs.ToString(System.Globalization.CultureInfo.InvariantCulture)),
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
