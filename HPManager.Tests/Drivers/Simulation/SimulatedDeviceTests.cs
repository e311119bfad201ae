using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The driver against the simulator, over real sockets.</summary>
public class SimulatedDeviceTests
{
    [Fact]
    public async Task Poll_Idm_TellsWhatThePlantIs()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        var state = device.Plant.State;

        var snapshot = await device.PollAsync();

        AssertSignal(snapshot, Signal.OutdoorTemperature, state.Outdoor);
        AssertSignal(snapshot, Signal.FlowTemperature, state.Flow);
        AssertSignal(snapshot, Signal.ElectricPower, state.ElectricPower);
        AssertSignal(snapshot, Signal.ThermalPower, state.ThermalPower);
        AssertSignal(snapshot, Signal.HotWaterTarget, 48);
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("humidity_sensor")]!.Value.Quality);
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
    }

    [Fact]
    public async Task Poll_IdmCircuitsWithHoles_ReadsBothSidesOfEveryOverlap()
    {
        await using var device = new SimulatedDevice(
            "idm", "navigator_2_0", options: new Settings([new("circuits", "a,b,g"), new("zones", "0,2"), new("rooms_per_zone", "3")]));
        device.Plant.Change(plant => plant.HeatingLimit = 17);

        var snapshot = await device.PollAsync();

        Assert.Equal(17, snapshot[SensorKey.Parse("hc_a_heating_limit")]!.Value.Value);
        Assert.Equal("timed", snapshot[SensorKey.Parse("hc_a_mode")]!.Value.Text);
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("hc_g_flow_temperature")]!.Value.Quality);
    }

    [Theory]
    [InlineData("s1255", HeatSource.Brine)]
    [InlineData("s2125", HeatSource.Air)]
    [InlineData("smo_s40", HeatSource.Air)]
    public async Task Poll_Nibe_TellsWhatThePlantIs(string model, HeatSource source)
    {
        await using var device = new SimulatedDevice("nibe", model, source);
        var state = device.Plant.State;

        var snapshot = await device.PollAsync();

        AssertSignal(snapshot, Signal.OutdoorTemperature, state.Outdoor, tolerance: 0.06);
        AssertSignal(snapshot, Signal.ElectricPower, state.ElectricPower + state.HeaterPower, tolerance: 0.006);
        AssertSignal(snapshot, Signal.DegreeMinutes, state.DegreeMinutes, tolerance: 0.06);
        AssertSignal(snapshot, Signal.CompressorSpeed, state.Speed, tolerance: 0.06);
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
    }

    [Fact]
    public async Task Poll_SerialFramesOverTcp_TellTheSame()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0", serial: true);

        AssertSignal(await device.PollAsync(), Signal.OutdoorTemperature, device.Plant.State.Outdoor);
    }

    [Fact]
    public async Task Poll_RegistersThatAreRefused_AreMissingAndNotAskedForAgain()
    {
        await using var device = new SimulatedDevice("nibe", "s1255");
        await device.PollAsync();
        var before = device.Server.RequestCount;
        await device.PollAsync();
        var second = device.Server.RequestCount - before;

        device.Restart();
        before = device.Server.RequestCount;
        var snapshot = await device.PollAsync();

        // Two more after a restart: the read that proves the model, and a code without a word that is asked for alone once a session.
        Assert.InRange(device.Server.RequestCount - before, second, second + 2);
        var pv = snapshot[SensorKey.Parse("pv_power")]!.Value;
        Assert.Equal(Quality.Missing, pv.Quality);
        Assert.Contains("not active on this heat pump", pv.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerFault.Silence, FailureCause.NoAnswer)]
    [InlineData(ServerFault.HalfOpen, FailureCause.NoAnswer)]
    [InlineData(ServerFault.Reset, FailureCause.Busy)]
    [InlineData(ServerFault.TruncatedFrame, FailureCause.Busy)]
    [InlineData(ServerFault.Garbage, FailureCause.OtherProtocol)]
    [InlineData(ServerFault.WrongTransaction, FailureCause.BadAnswer)]
    public async Task Poll_Fault_FailsWithItsCauseAndRecovers(ServerFault fault, FailureCause cause)
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        await device.PollAsync();

        device.Server.Faults.Fault = fault;
        Assert.Equal(cause, (await device.FailAsync()).Cause);

        device.Server.Faults.Fault = ServerFault.None;
        AssertSignal(await device.PollAsync(), Signal.OutdoorTemperature, device.Plant.State.Outdoor);
    }

    [Fact]
    public async Task Poll_DeviceIsBusy_SaysSoAndLearnsNothingFromIt()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        device.Server.Faults.Fault = ServerFault.Exception;
        device.Server.Faults.ExceptionCode = 6;

        Assert.Equal(FailureCause.Busy, (await device.FailAsync()).Cause);
        device.Server.Faults.Fault = ServerFault.None;
        AssertSignal(await device.PollAsync(), Signal.OutdoorTemperature, device.Plant.State.Outdoor);
    }

    [Fact]
    public async Task Poll_EverythingIsRefused_SaysThatItIsAnotherModel()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        device.Server.Faults.Fault = ServerFault.Exception;
        device.Server.Faults.ExceptionCode = 2;

        Assert.Equal(FailureCause.OtherModel, (await device.FailAsync()).Cause);
    }

    [Fact]
    public async Task Poll_GatewayWithoutTheUnit_SaysWrongUnit()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        device.Server.Faults.Fault = ServerFault.Exception;
        device.Server.Faults.ExceptionCode = 11;

        Assert.Equal(FailureCause.WrongUnit, (await device.FailAsync()).Cause);
    }

    [Fact]
    public async Task Poll_LateAnswers_AreNeverTakenForTheNextValue()
    {
        await using var device = new SimulatedDevice("nibe", "s1255");
        var expected = await device.PollAsync();
        device.Server.Faults.Delay = TimeSpan.FromMilliseconds(1700);
        Assert.Equal(FailureCause.NoAnswer, (await device.FailAsync()).Cause);

        device.Server.Faults.Delay = TimeSpan.Zero;
        var snapshot = await device.PollAsync();

        Assert.Equal(expected.Readings.Select(reading => reading.Value), snapshot.Readings.Select(reading => reading.Value));
    }

    [Fact]
    public async Task Poll_AnotherProgramHoldsTheOnlyConnection_FailsAndRecovers()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        device.Server.Faults.OneClientOnly = true;
        using (var other = new System.Net.Sockets.TcpClient())
        {
            await other.ConnectAsync("127.0.0.1", device.Server.Port);
            await Shared.Eventually.IsTrue(() => device.Server.ClientCount == 1);
            Assert.Equal(FailureCause.Busy, (await device.FailAsync()).Cause);
        }

        await Shared.Eventually.IsTrue(() => device.Server.ClientCount == 0);
        await device.PollAsync();
    }

    [Theory]
    [InlineData("idm", "navigator_2_0", "dhw_setpoint", 52)]
    [InlineData("idm", "navigator_2_0", "hc_a_room_setpoint_heating_normal", 22.5)]
    [InlineData("idm", "navigator_2_0", "system_mode", 4)]
    [InlineData("idm", "navigator_2_0", "bivalence_point_1_second_generator", -7)]
    [InlineData("nibe", "s1255", "heating_offset_s1", -3)]
    [InlineData("nibe", "s1255", "degree_minutes", -345.6)]
    [InlineData("nibe", "s1255", "room_setpoint_heating_s1", 22.5)]
    [InlineData("nibe", "s1255", "max_internal_additional_heat", 4.35)]
    [InlineData("nibe", "s1255", "room_unit_setpoint_1", 20.5)]
    public async Task Write_Setting_ReadsBackAsWritten(string manufacturer, string model, string sensor, double value)
    {
        await using var device = new SimulatedDevice(manufacturer, model);

        Assert.Null(await device.Session.WriteAsync(SensorKey.Parse(sensor), value, default));
        var (reading, failure) = await device.Session.ReadAsync(SensorKey.Parse(sensor), device.Clock.GetUtcNow(), default);

        Assert.Null(failure);
        Assert.Equal(value, reading.Value!.Value, 6);
    }

    [Fact]
    public async Task Write_RoomTarget_WarmsTheHouse()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");
        await device.Session.WriteAsync(SensorKey.Parse("hc_a_room_setpoint_heating_normal"), 24, default);

        Assert.Equal(24, device.Plant.With(plant => plant.RoomTarget));
    }

    [Fact]
    public async Task Write_ReadOnlyRegister_IsRefused()
    {
        await using var device = new SimulatedDevice("idm", "navigator_2_0");

        var failure = await device.Session.WriteAsync(SensorKey.Parse("outdoor_temperature"), 5, default);

        Assert.Equal(FailureCause.Refused, failure!.Cause);
    }

    private static void AssertSignal(Snapshot snapshot, Signal signal, double expected, double tolerance = 1e-3)
    {
        var reading = snapshot[signal];
        Assert.NotNull(reading);
        Assert.Equal(Quality.Good, reading.Value.Quality);
        Assert.Equal(expected, reading.Value.Value!.Value, tolerance);
    }
}
