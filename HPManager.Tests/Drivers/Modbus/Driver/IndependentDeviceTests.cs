using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Tests.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>Driver and shipped profiles against a device written by others, which answers per data point and refuses every hole.</summary>
public class IndependentDeviceTests
{
    private const string IdmTable = "idm-navigator-2.csv";
    private const string NibeTable = "nibe-s-series.csv";

    [Theory]
    [InlineData("holding")]
    [InlineData("input")]
    public async Task Poll_NavigatorWithEveryCircuitAndZone_ReadsEveryPointRight(string readFunction)
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        await using var device = await RegisterDevice.StartAsync(IdmTable, bothTables: true, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model).With("read_function", readFunction), 1);

        for (var poll = 0; poll < 3; poll++) AssertAllRead(await site.PollAsync(), device.Expected["1"]);
    }

    [Theory]
    [InlineData("s1155")]
    [InlineData("s1255")]
    [InlineData("s320")]
    [InlineData("s325")]
    [InlineData("s2125")]
    [InlineData("smo_s40")]
    public async Task Poll_NibeModel_ReadsEveryPointRight(string key)
    {
        var model = ShippedProfiles.Model("nibe", key);
        await using var device = await RegisterDevice.StartAsync(NibeTable, bothTables: false, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1);

        for (var poll = 0; poll < 2; poll++) AssertAllRead(await site.PollAsync(), device.Expected["1"]);
    }

    [Fact]
    public async Task Poll_SeveralUnitsBehindOneEndpoint_KeepsThemApart()
    {
        var model = ShippedProfiles.Model("nibe", "s1255");
        await using var device = await RegisterDevice.StartAsync(NibeTable, bothTables: false, port: 0, 1, 2, 40);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1, 2, 40);

        for (var i = 0; i < 3; i++) AssertAllRead(await site.PollAsync(i), device.Expected[new[] { "1", "2", "40" }[i]]);
        AssertAllRead(await site.PollAsync(0), device.Expected["1"]);
    }

    [Fact]
    public async Task Poll_DeviceThatRestarts_FailsMeanwhileAndRecovers()
    {
        var model = ShippedProfiles.Model("nibe", "s1255");
        var device = await RegisterDevice.StartAsync(NibeTable, bothTables: false, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1);
        await site.PollAsync();

        await device.DisposeAsync();
        Assert.Equal(FailureCause.PortClosed, (await site.FailAsync()).Cause);

        await using var restarted = await RegisterDevice.StartAsync(NibeTable, bothTables: false, device.Port, 1);
        AssertAllRead(await site.PollAsync(), restarted.Expected["1"]);
    }

    [Fact]
    public async Task Poll_NibeAskedAsNavigator_IsAnotherModel()
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        await using var device = await RegisterDevice.StartAsync(NibeTable, bothTables: false, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Equal(FailureCause.OtherModel, (await site.FailAsync()).Cause);
        Assert.Empty(site.Memory);
    }

    [Theory]
    [InlineData("hc_a_room_setpoint_heating_normal", 22.0, "1 1401 0000 41B0")]
    [InlineData("dhw_setpoint", 48, "1 1032 0030")]
    [InlineData("pv_surplus", 4.14, "1 74 7AE1 4084")]
    [InlineData("request_heating", 1, "1 1710 0001")]
    public async Task Write_Navigator_ArrivesLowWordFirst(string key, double value, string expected)
    {
        var model = ShippedProfiles.Model("idm", "navigator_2_0");
        await using var device = await RegisterDevice.StartAsync(IdmTable, bothTables: false, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, Settings.Empty, 1);

        Assert.Null(await site.WriteAsync(key, value));

        Assert.Equal(expected, await device.NextWriteAsync());
        var (reading, failure) = await site.Device.ReadAsync(SensorKey.Parse(key), DriverSite.At, default);
        Assert.Null(failure);
        Assert.Equal(value, reading.Value);
    }

    [Theory]
    [InlineData("degree_minutes", -60.0, "1 11 FFFF FDA8")]
    [InlineData("room_unit_setpoint_1", 20.5, "1 2505 0000 00CD")]
    [InlineData("room_setpoint_heating_s1", 21.5, "1 206 00D7")]
    [InlineData("heating_offset_s1", -2, "1 30 FFFE")]
    [InlineData("max_internal_additional_heat", 4.35, "1 102 01B3")]
    public async Task Write_Nibe_ArrivesHighWordFirst(string key, double value, string expected)
    {
        var model = ShippedProfiles.Model("nibe", "s1255");
        await using var device = await RegisterDevice.StartAsync(NibeTable, bothTables: false, port: 0, 1);
        await using var site = DriverSite.Open(device.Port, model, ShippedProfiles.Everything(model), 1);

        Assert.Null(await site.WriteAsync(key, value));

        Assert.Equal(expected, await device.NextWriteAsync());
    }

    private static void AssertAllRead(Snapshot snapshot, Dictionary<string, double> expected)
    {
        Assert.True(snapshot.Readings.Count > 80);
        for (var position = 0; position < snapshot.Readings.Count; position++)
        {
            var sensor = snapshot.Sensors[position];
            var reading = snapshot.Readings[position];
            if (!sensor.IsReadable) continue;
            Assert.True(
                reading.Value.Equals(expected[sensor.Key.Value]), $"{sensor.Key} ({sensor.Address}): {DriverSite.Describe(reading)}, not {expected[sensor.Key.Value]}");
        }
    }
}
