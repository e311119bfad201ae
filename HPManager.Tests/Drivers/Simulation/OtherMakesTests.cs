using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The driver against simulated Daikin and Stiebel Eltron units, over real sockets.</summary>
public class OtherMakesTests
{
    public static TheoryData<string, string> Makes => new()
    {
        { "daikin", "altherma_3_homehub" },
        { "daikin", "altherma_4" },
        { "stiebel_eltron", "wpm_system" },
        { "stiebel_eltron", "lwz_r290" },
        { "stiebel_eltron", "wpm_3" },
        { "stiebel_eltron", "wpm_3i" },
        { "stiebel_eltron", "lwz" },
        { "stiebel_eltron", "lwz_x04_sol" },
        { "stiebel_eltron", "lwa" },
    };

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task Poll_Make_TellsWhatThePlantIs(string manufacturer, string model)
    {
        await using var device = new SimulatedDevice(manufacturer, model, HeatSource.Air);
        await device.PollAsync();
        for (var hour = 0; hour < 12; hour++)
        {
            device.Clock.Advance(TimeSpan.FromHours(2));
            var state = device.Plant.State;
            var snapshot = await device.PollAsync();

            AssertTold(snapshot, Signal.OutdoorTemperature, state.Outdoor);
            AssertTold(snapshot, Signal.ReturnTemperature, state.Return);
            AssertTold(snapshot, Signal.HotWaterTemperature, state.HotWaterTop);
            Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
            var activity = Activity.Of(snapshot);
            Assert.Null(activity.Fault);
            Assert.Equal(state.IsRunning, activity.CompressorRunning);
            if (state.IsRunning && state.Activity != PlantActivity.Defrost)
                Assert.Equal(state.Activity == PlantActivity.HotWater ? ActivityKind.HotWater : ActivityKind.Heating, activity.Kind);
        }
    }

    [Theory]
    [InlineData("wpm_system")]
    [InlineData("lwz")]
    [InlineData("wpm_3i")]
    public async Task Poll_StiebelEnergy_IsThePlantsInWholeKilowattHours(string model)
    {
        await using var device = new SimulatedDevice("stiebel_eltron", model);
        await device.PollAsync();
        device.Clock.Advance(TimeSpan.FromHours(30));

        var snapshot = await device.PollAsync();

        var state = device.Plant.State;
        AssertTold(snapshot, Signal.ThermalEnergyHeating, state.HeatingEnergy, tolerance: 1);
        AssertTold(snapshot, Signal.ThermalEnergyHotWater, state.HotWaterEnergy, tolerance: 1);
        AssertTold(snapshot, Signal.ElectricEnergy, state.ElectricEnergy, tolerance: 2);
    }

    [Fact]
    public async Task Poll_AirToAir_HasItsTwoRegistersAndNothingElse()
    {
        await using var device = new SimulatedDevice("daikin", "air_to_air_homehub", HeatSource.Air);

        var snapshot = await device.PollAsync();

        Assert.Equal(["0 free running", "20 "], snapshot.Readings.Select(reading => $"{reading.Value} {reading.Text}"));
    }

    [Theory]
    [InlineData("daikin", "altherma_3_homehub", "dhw_setpoint", 52)]
    [InlineData("daikin", "altherma_3_homehub", "weather_offset_main_heating", -3)]
    [InlineData("daikin", "altherma_4", "room_heating_setpoint_main_fine", 21.5)]
    [InlineData("daikin", "altherma_4", "dhw_boost_setpoint", 57.5)]
    [InlineData("daikin", "altherma_4", "coil_dhw_on", 0)]
    [InlineData("daikin", "altherma_4", "coil_schedule_room_heating_main", 1)]
    [InlineData("daikin", "air_to_air_homehub", "a2a_demand_power_limit", 3.5)]
    [InlineData("stiebel_eltron", "wpm_system", "hc1_comfort_temp", 22.5)]
    [InlineData("stiebel_eltron", "wpm_system", "sg_ready_request", 3)]
    [InlineData("stiebel_eltron", "wpm_3i", "operating_mode", 5)]
    [InlineData("stiebel_eltron", "lwz", "dhw_comfort_temp", 50.5)]
    [InlineData("stiebel_eltron", "lwz", "fan_level_day", 3)]
    [InlineData("stiebel_eltron", "lwz", "hc1_curve_rise", 0.6)]
    [InlineData("stiebel_eltron", "lwa", "sg_ready_request", 1)]
    public async Task Write_Setting_ReadsBackAsWritten(string manufacturer, string model, string sensor, double value)
    {
        await using var device = new SimulatedDevice(manufacturer, model);

        Assert.Null(await device.Session.WriteAsync(SensorKey.Parse(sensor), value, default));
        var (reading, failure) = await device.Session.ReadAsync(SensorKey.Parse(sensor), device.Clock.GetUtcNow(), default);

        Assert.Null(failure);
        Assert.Equal(value, reading.Value!.Value, 6);
        Assert.Equal(value, (await device.PollAsync())[SensorKey.Parse(sensor)]!.Value.Value!.Value, 6);
    }

    [Theory]
    [InlineData("altherma_3_homehub", "dhw_setpoint", 90, 60)]
    [InlineData("altherma_3_homehub", "smart_grid_mode", 7, 0)]
    [InlineData("altherma_4", "dhw_setpoint_a4", 90, 85)]
    [InlineData("altherma_4", "general_power_limit", 30, 20)]
    [InlineData("air_to_air_homehub", "a2a_smart_grid_mode", 9, 0)]
    public async Task Write_BeyondItsLimits_IsMovedOrIgnored(string model, string sensor, double value, double expected)
    {
        await using var device = new SimulatedDevice("daikin", model);
        var point = Modbus.Profiles.ShippedProfiles.Point("daikin", model, sensor);
        await using var client = Modbus.Client.ModbusClients.Tcp(device.Server.Port);

        Assert.True((await client.WriteRegisterAsync(1, point.Address, (ushort)Math.Round(value / point.Scale), default)).IsSuccess);
        var (reading, _) = await device.Session.ReadAsync(SensorKey.Parse(sensor), device.Clock.GetUtcNow(), default);

        Assert.Equal(expected, reading.Value!.Value, 6);
    }

    [Theory]
    [InlineData("daikin", "altherma_3_homehub", "smart_grid_mode", 1)]
    [InlineData("daikin", "altherma_4", "smart_grid_mode", 1)]
    [InlineData("daikin", "air_to_air_homehub", "a2a_smart_grid_mode", 1)]
    [InlineData("stiebel_eltron", "wpm_system", "sg_ready_request", 1)]
    [InlineData("stiebel_eltron", "lwz", "sg_ready_request", 1)]
    public async Task Write_GridOperatorsOff_LocksThePlantUntilNormalAgain(string manufacturer, string model, string sensor, double off)
    {
        await using var device = new SimulatedDevice(manufacturer, model);

        await device.Session.WriteAsync(SensorKey.Parse(sensor), off, default);
        Assert.True(device.Plant.With(plant => plant.Outside is { LocksHeating: true, LocksHotWater: true }));

        await device.Session.WriteAsync(SensorKey.Parse(sensor), 0, default);
        Assert.Equal(OutsideControl.None, device.Plant.With(plant => plant.Outside));
    }

    [Theory]
    [InlineData(1, "frost protection only (dim)")]
    [InlineData(0, "normal")]
    [InlineData(3, "raised (boost)")]
    [InlineData(4, "maximum")]
    public async Task Write_SmartGridState_IsTheControllersState(double request, string state)
    {
        await using var device = new SimulatedDevice("stiebel_eltron", "wpm_system");

        await device.Session.WriteAsync(SensorKey.Parse("sg_ready_request"), request, default);

        Assert.Equal(state, (await device.PollAsync())[SensorKey.Parse("sg_ready_state")]!.Value.Text);
    }

    [Fact]
    public async Task Poll_Altherma4DemandResponse_SwapsTwoCodes()
    {
        await using var device = new SimulatedDevice("daikin", "altherma_4");

        await device.Session.WriteAsync(SensorKey.Parse("smart_grid_mode"), 3, default);

        Assert.Equal("2 forced on", Describe(await device.PollAsync(), "demand_response_mode"));
    }

    [Theory]
    [InlineData("stiebel_eltron", "wpm_system", "lwz", "lwz", "The device is not a LWZ but a WPM system (WPM 4) (Controller identification 449).")]
    [InlineData("stiebel_eltron", "lwz", "wpm_3", "wpm_3", "The device is not a WPM 3 but a LWZ or LWA (Controller identification 103).")]
    public async Task Poll_IsgWithAnotherController_IsNamed(string manufacturer, string served, string read, string key, string message)
    {
        await using var device = new SimulatedDevice(manufacturer, served);
        var model = Modbus.Profiles.ShippedProfiles.Model(manufacturer, key);
        await using var site = Modbus.Driver.DriverSite.Open(device.Server.Port, model, Settings.Empty, 1);

        var failure = await site.FailAsync();

        Assert.Equal((read, FailureCause.OtherModel, message), (model.Key, failure.Cause, failure.Message));
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public async Task Poll_HalfFramesOrSilence_FailWithoutAValueAndRecover(string manufacturer, string model)
    {
        await using var device = new SimulatedDevice(manufacturer, model);
        await device.PollAsync();

        foreach (var fault in new[] { ServerFault.TruncatedFrame, ServerFault.Reset, ServerFault.WrongTransaction, ServerFault.Garbage })
        {
            device.Server.Faults.Fault = fault;
            await device.FailAsync();
        }

        device.Server.Faults.Fault = ServerFault.None;
        AssertTold(await device.PollAsync(), Signal.OutdoorTemperature, device.Plant.State.Outdoor);
    }

    private static void AssertTold(Snapshot snapshot, Signal signal, double expected, double tolerance = 0.06)
    {
        var reading = snapshot[signal] ?? Reading.Failed(default, "no sensor carries it");
        Assert.True(reading.IsGood, $"{signal}: {reading.Reason}");
        Assert.Equal(expected, reading.Value!.Value, tolerance);
    }

    private static string Describe(Snapshot snapshot, string key) =>
        snapshot[SensorKey.Parse(key)] is { } reading ? $"{reading.Value} {reading.Text}" : "not there";
}
