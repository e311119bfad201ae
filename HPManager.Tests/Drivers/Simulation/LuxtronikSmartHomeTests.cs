using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>The simulated smart home interface of a Luxtronik: read and written by the driver.</summary>
public class LuxtronikSmartHomeTests
{
    [Fact]
    public async Task PollAsync_NewestFirmware_TellsWhatThePlantIs()
    {
        await using var device = NewDevice();
        var state = device.Plant.State;

        await device.PollAsync();
        var snapshot = await device.PollAsync();

        Assert.Equal(state.Outdoor, Value(snapshot, "outdoor_temperature"), 0.051);
        Assert.Equal(state.Flow, Value(snapshot, "flow_temperature"), 0.051);
        Assert.Equal(state.OutdoorAverage, Value(snapshot, "outdoor_temperature_average"), 0.051);
        Assert.Equal(state.ElectricPower + state.HeaterPower, Value(snapshot, "electric_power"), 0.051);
        Assert.Equal(state.ElectricEnergy, Value(snapshot, "energy_total"), 0.051);
        Assert.Equal(Value(snapshot, "energy_total"), Value(snapshot, "energy_heating") + Value(snapshot, "energy_hot_water"), 0.11);
        Assert.Equal(state.HeatingEnergy + state.HotWaterEnergy, Value(snapshot, "heat_total"), 0.051);
        Assert.Equal(92, Value(snapshot, "firmware_minor"));
        Assert.Equal(Quality.Missing, snapshot[SensorKey.Parse("external_return_temperature")]!.Value.Quality);
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
    }

    [Fact]
    public async Task WriteAsync_ValueThenMode_CountsUntilTheModeIsReleased()
    {
        await using var device = NewDevice();
        var own = device.Plant.State.FlowTarget;

        await WriteAsync(device, "heating_offset", 3);
        Assert.Equal(own, device.Plant.State.FlowTarget, 6);
        await WriteAsync(device, "heating_mode", 2);
        Assert.Equal(own + 3, device.Plant.State.FlowTarget, 6);
        await WriteAsync(device, "heating_mode", 0);
        Assert.Equal(own, device.Plant.State.FlowTarget, 6);
    }

    [Fact]
    public async Task WriteAsync_Locks_AreShownAndLeaveTheOwnersModeAlone()
    {
        await using var device = NewDevice();

        await WriteAsync(device, "lock_heating", 1);
        await WriteAsync(device, "lock_hot_water", 1);

        Assert.Equal((PlantMode.Automatic, true, true), device.Plant.With(plant => (plant.Mode, plant.Outside.LocksHeating, plant.Outside.LocksHotWater)));
        Assert.Equal(0, Value(await device.PollAsync(), "heating_status"));
    }

    [Fact]
    public async Task WriteAsync_HardLimit_LimitsAndASoftOneDoesNot()
    {
        await using var device = NewDevice();
        await WriteAsync(device, "power_limit", 4.2);

        await WriteAsync(device, "power_limit_mode", 1);
        Assert.Null(device.Plant.With(plant => plant.Outside.PowerLimit));
        await WriteAsync(device, "power_limit_mode", 2);
        Assert.Equal(4.2, device.Plant.With(plant => plant.Outside.PowerLimit)!.Value, 6);
    }

    [Fact]
    public async Task WriteAsync_HotWaterExtra_BoostsAndFallsBackByItself()
    {
        await using var device = NewDevice();

        await WriteAsync(device, "hot_water_extra", 1);
        Assert.True(device.Plant.With(plant => plant.HotWaterBoost));

        device.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(0, Value(await device.PollAsync(), "hot_water_extra"));
    }

    private static SimulatedDevice NewDevice() => new("luxtronik", "smart_home_interface");

    private static double Value(Snapshot snapshot, string key) => snapshot[SensorKey.Parse(key)]!.Value.Value!.Value;

    private static async Task WriteAsync(SimulatedDevice device, string key, double value)
    {
        Failure? failure = await device.Session.WriteAsync(SensorKey.Parse(key), value, default);
        Assert.Null(failure);
    }
}
