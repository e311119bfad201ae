using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Tests.Shared;

namespace HPManager.Tests.Core.Live;

public class ActivityTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("heating", ActivityKind.Heating)]
    [InlineData("Heat", ActivityKind.Heating)]
    [InlineData("hot_water", ActivityKind.HotWater)]
    [InlineData("DHW", ActivityKind.HotWater)]
    [InlineData("tank heat-up", ActivityKind.HotWater)]
    [InlineData("cooling", ActivityKind.Cooling)]
    [InlineData("heating + defrost", ActivityKind.Defrosting)]
    [InlineData("heating_pool", ActivityKind.Pool)]
    [InlineData("off", ActivityKind.Idle)]
    [InlineData("standby", ActivityKind.Idle)]
    [InlineData("stopped", ActivityKind.Idle)]
    public void Of_OperatingStateInWords_IsThatActivity(string word, ActivityKind expected)
    {
        var activity = Activity.Of(Snapshot((Sensor.Code("state", Signal.OperatingState), Good(1, word))));

        Assert.Equal(expected, activity.Kind);
    }

    [Fact]
    public void Of_DefrostFlag_WinsOverTheState()
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Code("state", Signal.OperatingState), Good(1, "heating")), (Sensor.Switch("defrost", Signal.DefrostActive), Good(1))));

        Assert.Equal(ActivityKind.Defrosting, activity.Kind);
    }

    [Fact]
    public void Of_OneCircuitIdleAnotherHeating_Heats()
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Code("a", Signal.OperatingState, "Circuit A"), Good(0, "off")), (Sensor.Code("b", Signal.OperatingState, "Circuit B"), Good(1, "heating"))));

        Assert.Equal(ActivityKind.Heating, activity.Kind);
    }

    [Theory]
    [InlineData(1, ActivityKind.Running)]
    [InlineData(0, ActivityKind.Idle)]
    public void Of_OnlyTheCompressorTold_RunsOrIdles(double running, ActivityKind expected) =>
        Assert.Equal(expected, Activity.Of(Snapshot((Sensor.Switch("compressor", Signal.CompressorRunning), Good(running)))).Kind);

    [Fact]
    public void Of_StaleReadings_SaysNothing()
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Code("state", Signal.OperatingState), Good(1, "heating") with { Quality = Quality.Stale }),
            (Sensor.Number("power", "kW", Signal.ElectricPower), Good(2) with { Quality = Quality.Stale })));

        Assert.Equal(ActivityKind.Unknown, activity.Kind);
        Assert.Null(activity.ElectricPower);
    }

    [Fact]
    public void Of_SeveralCircuitsHeating_TargetsTheMostDemanding()
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Code("state", Signal.OperatingState), Good(1, "heating")),
            (Sensor.Number("a", "°C", Signal.FlowTemperatureTarget, "Circuit A"), Good(31)),
            (Sensor.Number("b", "°C", Signal.FlowTemperatureTarget, "Circuit B"), Good(38.5))));

        Assert.Equal(38.5, activity.Target);
    }

    [Fact]
    public void Cop_BothPowersInDifferentUnits_IsHeatByElectricity()
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Number("electric", "W", Signal.ElectricPower), Good(1500)), (Sensor.Number("thermal", "kW", Signal.ThermalPower), Good(6))));

        Assert.Equal(4, activity.Cop!.Value, 6);
    }

    [Theory]
    [InlineData(0.04, 2, "heating")]
    [InlineData(2, 0.05, "heating")]
    [InlineData(2, 6, "defrost")]
    public void Cop_StandbyOrDefrost_IsNotTold(double electric, double thermal, string state)
    {
        var activity = Activity.Of(Snapshot(
            (Sensor.Code("state", Signal.OperatingState), Good(1, state)),
            (Sensor.Number("electric", "kW", Signal.ElectricPower), Good(electric)),
            (Sensor.Number("thermal", "kW", Signal.ThermalPower), Good(thermal))));

        Assert.Null(activity.Cop);
    }

    [Fact]
    public void Fault_NumberOtherThanZero_IsTold()
    {
        var code = Sensor.Number("fault", "", Signal.FaultCode);

        Assert.Equal("218", Activity.Of(Snapshot((code, Good(218)))).Fault);
        Assert.Null(Activity.Of(Snapshot((code, Good(0)))).Fault);
        Assert.Null(Activity.Of(Snapshot((code, Good(218)), (Sensor.Switch("active", Signal.FaultActive), Good(0)))).Fault);
    }

    private static Reading Good(double value, string? text = null) => new(value, text, Quality.Good, At);

    private static Snapshot Snapshot(params (SensorDefinition Sensor, Reading Reading)[] readings) => new(
        HeatPumpId.FromNumber(1), At, new SensorSet([.. readings.Select(pair => pair.Sensor)]), [.. readings.Select(pair => pair.Reading)]);
}
