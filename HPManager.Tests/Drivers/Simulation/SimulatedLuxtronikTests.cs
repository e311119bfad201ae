using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Luxtronik;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Tests.Drivers.Luxtronik.Driver;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The Luxtronik driver against the simulated controller, over real sockets.</summary>
public class SimulatedLuxtronikTests
{
    [Theory]
    [InlineData("luxtronik_2_1", HeatSource.Brine)]
    [InlineData("luxtronik_2_1", HeatSource.Air)]
    [InlineData("luxtronik_2_0", HeatSource.Brine)]
    public async Task PollAsync_AnyModel_TellsWhatThePlantIs(string model, HeatSource source)
    {
        await using var house = new House(model, source);
        house.RunUntil(state => state.Activity == PlantActivity.Heating);
        var state = house.Plant.State;

        var snapshot = await house.Site.PollAsync();

        AssertSignal(snapshot, Signal.OutdoorTemperature, state.Outdoor, 0.05);
        AssertSignal(snapshot, Signal.FlowTemperature, state.Flow, 0.05);
        AssertSignal(snapshot, Signal.ReturnTemperature, state.Return, 0.05);
        AssertSignal(snapshot, Signal.HotWaterTemperature, state.HotWaterTop, 0.05);
        AssertSignal(snapshot, Signal.HotWaterTarget, 48, 0);
        AssertSignal(snapshot, Signal.SourceInTemperature, state.SourceIn, 0.05);
        AssertSignal(snapshot, Signal.RoomTemperature, state.Room, 0.05);
        AssertSignal(snapshot, Signal.CompressorSpeed, state.Speed, 0.5);
        AssertSignal(snapshot, Signal.CompressorRunning, 1, 0);
        AssertSignal(snapshot, Signal.CompressorHours, state.Hours, 0.001);
        AssertSignal(snapshot, Signal.CompressorStarts, state.Starts, 0);
        AssertSignal(snapshot, Signal.HighPressure, state.HighPressure, 0.005);
        AssertSignal(snapshot, Signal.ThermalPower, state.ThermalPower * 1000, 0.5);
        AssertSignal(snapshot, Signal.ThermalEnergyHeating, state.HeatingEnergy, 0.05);
        AssertSignal(snapshot, Signal.ThermalEnergyHotWater, state.HotWaterEnergy, 0.05);
        AssertSignal(snapshot, Signal.FlowRate, state.FlowRate * 60, 0.5);
        Assert.Equal("heating", snapshot[Signal.OperatingState]!.Value.Text);
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("mixing_circuit_1_flow_temperature")]!.Value.Quality);
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("solar_tank_temperature")]!.Value.Quality);
        Assert.Equal(source == HeatSource.Air ? Quality.Missing : Quality.Good, snapshot[Signal.SourceOutTemperature]!.Value.Quality);
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
    }

    [Fact]
    public async Task PollAsync_NewestFirmware_CountsElectricEnergyByPurpose()
    {
        await using var house = new House();
        var state = house.Plant.State;

        var snapshot = await house.Site.PollAsync();

        AssertSignal(snapshot, Signal.ElectricEnergy, state.ElectricEnergy - state.HeaterEnergy, 0.02);
        AssertSignal(snapshot, Signal.ElectricPower, state.IsRunning ? (state.ElectricPower - 0.1) * 1000 : 0, 0.5);
        Assert.Equal(state.HotWaterElectricEnergy, snapshot[SensorKey.Parse("energy_hot_water")]!.Value.Value!.Value, 0.01);
        Assert.Equal("V3.92.1", snapshot[SensorKey.Parse("firmware_version")]!.Value.Text);
        Assert.Equal(0, snapshot[SensorKey.Parse("clock_difference")]!.Value.Value!.Value, 5.0);
    }

    [Fact]
    public async Task PollAsync_Series2_CountsNoElectricEnergyAndNames2883()
    {
        await using var house = new House("luxtronik_2_0");

        var snapshot = await house.Site.PollAsync();

        Assert.Equal(Quality.Missing, snapshot[Signal.ElectricEnergy]!.Value.Quality);
        Assert.Equal("V2.88.3", snapshot[SensorKey.Parse("firmware_version")]!.Value.Text);
    }

    [Fact]
    public async Task PollAsync_FaultAppears_IsPresentAndTheNewestInTheHistory()
    {
        await using var house = new House();
        house.RunUntil(state => state.IsRunning);
        await house.Site.PollAsync();
        house.Plant.Change(plant => plant.FaultCode = 715);
        house.Clock.Advance(TimeSpan.FromMinutes(1));

        var snapshot = await house.Site.PollAsync();

        AssertSignal(snapshot, Signal.FaultCode, 715, 0);
        AssertSignal(snapshot, Signal.FaultActive, 1, 0);
        Assert.Equal("high pressure shutdown", snapshot[SensorKey.Parse("fault_1")]!.Value.Text);
        Assert.Equal("phase rotation", snapshot[SensorKey.Parse("fault_2")]!.Value.Text);
        Assert.Equal("heat pump fault", snapshot[SensorKey.Parse("switch_off_1")]!.Value.Text);
    }

    [Fact]
    public async Task PollAsync_AfterDaysOfSummer_HasFiveStopsInOrder()
    {
        await using var house = new House(began: new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero), past: TimeSpan.FromDays(7));

        var snapshot = await house.Site.PollAsync();

        var times = Enumerable.Range(1, 5).Select(place => snapshot[SensorKey.Parse($"switch_off_{place}_time")]!.Value.Text!).ToList();
        var stops = house.Plant.State.History.Stops.Select(stop => stop.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Assert.Equal(stops, times);
        Assert.Equal("no request", snapshot[SensorKey.Parse("switch_off_1")]!.Value.Text);
    }

    [Theory]
    [InlineData("hot_water_setpoint", 52.5)]
    [InlineData("heating_correction", -1.5)]
    [InlineData("heating_curve_end_point", 33)]
    [InlineData("heating_limit_temperature", 17)]
    [InlineData("room_setpoint", 22.5)]
    [InlineData("hot_water_hysteresis", 5)]
    [InlineData("hot_water_extra", 1)]
    public async Task WriteAsync_Setting_ReadsBackAsWritten(string sensor, double value)
    {
        await using var house = new House();

        Assert.Null(await house.Site.WriteAsync(sensor, value));

        Assert.Equal(value, (await house.ReadAsync(sensor)).Value!.Value, 6);
    }

    [Fact]
    public async Task WriteAsync_Settings_ActOnThePlant()
    {
        await using var house = new House();

        Assert.Null(await house.Site.WriteAsync("hot_water_setpoint", 53));
        Assert.Null(await house.WriteAsync("heating_correction", 2));
        Assert.Null(await house.WriteAsync("room_setpoint", 23));

        Assert.Equal((53, 2, 23), house.Plant.With(plant => (plant.HotWaterTarget, plant.CurveOffset, plant.RoomTarget)));
    }

    [Theory]
    [InlineData(0, 0, PlantMode.Automatic)]
    [InlineData(4, 2, PlantMode.HotWaterOnly)]
    [InlineData(2, 3, PlantMode.HeatingOnly)]
    [InlineData(4, 4, PlantMode.Standby)]
    public async Task WriteAsync_Modes_LetThePlantRunAndReadBackAsWritten(int heating, int hotWater, PlantMode expected)
    {
        await using var house = new House();

        Assert.Null(await house.Site.WriteAsync("heating_mode", heating));
        Assert.Null(await house.WriteAsync("hot_water_mode", hotWater));

        Assert.Equal(expected, house.Plant.With(plant => plant.Mode));
        Assert.Equal(heating, (await house.ReadAsync("heating_mode")).Value);
        Assert.Equal(hotWater, (await house.ReadAsync("hot_water_mode")).Value);
    }

    [Theory]
    [InlineData(LuxtronikFault.Busy, 5, FailureCause.Busy)]
    [InlineData(LuxtronikFault.Reset, 1, FailureCause.Busy)]
    [InlineData(LuxtronikFault.Garbage, 1, FailureCause.OtherProtocol)]
    [InlineData(LuxtronikFault.HostileCount, 1, FailureCause.BadAnswer)]
    [InlineData(LuxtronikFault.ForeignBlock, 1, FailureCause.OtherProtocol)]
    [InlineData(LuxtronikFault.TruncatedAnswer, 1, FailureCause.ConnectionLost)]
    [InlineData(LuxtronikFault.Endless, 1, FailureCause.BadAnswer)]
    public async Task PollAsync_Fault_FailsWithItsCauseAndRecovers(LuxtronikFault fault, int pause, FailureCause cause)
    {
        await using var house = new House();
        house.Server.Faults.Fault = fault;

        var failing = house.Site.FailAsync();
        await Eventually.IsTrue(() => house.Server.RequestCount > 0 && house.Server.ClientCount == 0 && house.Site.Time.WaitingTimers > 0);
        house.Site.Time.Advance(TimeSpan.FromSeconds(pause));

        Assert.Equal(cause, (await failing).Cause);
        house.Server.Faults.Fault = LuxtronikFault.None;
        await house.Site.PollAsync();
    }

    [Fact]
    public async Task WriteAsync_ControllerForgetsIt_ReadsTheOldValue()
    {
        await using var house = new House();
        house.Server.Faults.Fault = LuxtronikFault.ForgetsWrites;

        Assert.Null(await house.Site.WriteAsync("hot_water_setpoint", 53));

        Assert.Equal(48, (await house.ReadAsync("hot_water_setpoint")).Value);
    }

    private static void AssertSignal(Snapshot snapshot, Signal signal, double expected, double tolerance)
    {
        var reading = snapshot[signal];
        Assert.True(reading is { IsGood: true }, $"{signal}: {reading}");
        Assert.InRange(reading.Value.Value!.Value, expected - tolerance - 1e-9, expected + tolerance + 1e-9);
    }

    /// <summary>A simulated house with a Luxtronik controller, and the driver in front of it.</summary>
    private sealed class House : IAsyncDisposable
    {
        public House(string model = "luxtronik_2_1", HeatSource source = HeatSource.Brine, DateTimeOffset? began = null, TimeSpan? past = null)
        {
            Clock = new ManualTime(began ?? LuxtronikSite.At);
            Plant = new SimulatedHeatPump(new PlantParameters { Source = source }, 7, Clock, past: past ?? TimeSpan.FromHours(36));
            Server = (SimulatedLuxtronikServer)SimulatedSite.Start(new LuxtronikSite(1, model: model).Model, Settings.Empty, Plant, TimeProvider.System);
            Site = new LuxtronikSite(Server.Port, model: model);
        }

        public ManualTime Clock { get; }

        public SimulatedHeatPump Plant { get; }

        public SimulatedLuxtronikServer Server { get; }

        public LuxtronikSite Site { get; }

        public void RunUntil(Func<PlantState, bool> condition)
        {
            for (var step = 0; !condition(Plant.State); step++)
            {
                Assert.True(step < 10_000);
                Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        // The driver leaves the controller alone for a second after a write.
        public Task<Failure?> WriteAsync(string sensor, double value)
        {
            Site.Time.Advance(TimeSpan.FromSeconds(1));
            return Site.WriteAsync(sensor, value);
        }

        public async Task<Reading> ReadAsync(string sensor)
        {
            Site.Time.Advance(TimeSpan.FromSeconds(1));
            var (reading, failure) = await Site.Device.ReadAsync(SensorKey.Parse(sensor), Site.Time.GetUtcNow(), default);
            Assert.Null(failure);
            return reading;
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
