using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Tests.Drivers.Modbus.Profiles;

/// <summary>States that follow from several sensors, through the shipped profiles and to the sentence that a person reads.</summary>
public class CalculatedStateTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("compressor_running=0 three_way_valve=1 defrost_or_startup=0 operation_mode_actual=1", "0 standby", ActivityKind.Idle)]
    [InlineData("compressor_running=0", "0 standby", ActivityKind.Idle)]
    [InlineData("compressor_running=1 three_way_valve=1 defrost_or_startup=0 operation_mode_actual=1", "3 hot water", ActivityKind.HotWater)]
    [InlineData("compressor_running=1 three_way_valve=0 defrost_or_startup=0 operation_mode_actual=1", "1 heating", ActivityKind.Heating)]
    [InlineData("compressor_running=1 three_way_valve=0 defrost_or_startup=0 operation_mode_actual=2", "2 cooling", ActivityKind.Cooling)]
    [InlineData("compressor_running=1 three_way_valve=0 defrost_or_startup=1 operation_mode_actual=1", "4 start-up or thaw", ActivityKind.Running)]
    [InlineData("compressor_running=1 three_way_valve=0 defrost_or_startup=0 operation_mode_actual=0", "no known state", ActivityKind.Running)]
    [InlineData("compressor_running=1 three_way_valve=0 defrost_or_startup=0", "has no value", ActivityKind.Running)]
    [InlineData("compressor_running=1 defrost_or_startup=0 operation_mode_actual=1", "has no value", ActivityKind.Running)]
    [InlineData("compressor_running=1 three_way_valve=1 operation_mode_actual=1", "has no value", ActivityKind.Running)]
    [InlineData("three_way_valve=1 defrost_or_startup=0 operation_mode_actual=1", "has no value", ActivityKind.Unknown)]
    public void Of_Altherma3_SaysWhatFollowsAndNothingMore(string readings, string expected, ActivityKind activity) =>
        AssertState("daikin", "altherma_3_homehub", readings, expected, activity);

    [Theory]
    [InlineData("heating_running=0 hot_water_running=0 cooling_running=0", "0 standby", ActivityKind.Idle)]
    [InlineData("heating_running=1 hot_water_running=0 cooling_running=0", "1 heating", ActivityKind.Heating)]
    [InlineData("heating_running=0 hot_water_running=1 cooling_running=0", "2 hot water", ActivityKind.HotWater)]
    [InlineData("heating_running=1 hot_water_running=1 cooling_running=0", "3 heating and hot water", ActivityKind.HotWater)]
    [InlineData("heating_running=0 hot_water_running=0 cooling_running=1", "4 cooling", ActivityKind.Cooling)]
    [InlineData("heating_running=1 hot_water_running=0 cooling_running=1 compressor_running=1", "no known state", ActivityKind.Running)]
    [InlineData("hot_water_running=0 cooling_running=1", "has no value", ActivityKind.Unknown)]
    public void Of_Wpm_KnowsCoolingToo(string readings, string expected, ActivityKind activity) =>
        AssertState("stiebel_eltron", "wpm_system", readings, expected, activity);

    [Fact]
    public void Of_OldReadings_IsAsOldAsTheOldest()
    {
        var sensor = new SensorDefinition { Key = SensorKey.Parse("state"), Label = "State", Category = SensorCategory.Status, Kind = ValueKind.Code, Codes = new CodeTable([new(1, "on")]) };
        var state = new CalculatedState(sensor, [new StateRule(1, [new StateCondition(0, 1), new StateCondition(1, 0)])]);

        var reading = state.Of([new Reading(1, null, Quality.Good, At), new Reading(0, null, Quality.Good, At.AddMinutes(-1))], At);

        Assert.Equal(new Reading(1, "on", Quality.Good, At.AddMinutes(-1)), reading);
    }

    private static void AssertState(string manufacturer, string key, string given, string expected, ActivityKind activity)
    {
        var model = ShippedProfiles.Model(manufacturer, key);
        var sensors = model.Profile.Sensors(key, Settings.Empty);
        var readings = new Reading[sensors.Count];
        Array.Fill(readings, Reading.Missing(At, "not available"));
        foreach (var pair in given.Split(' ').Select(pair => pair.Split('=')))
        {
            readings[sensors.PositionOf(SensorKey.Parse(pair[0]))] =
                new Reading(double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture), null, Quality.Good, At);
        }

        var state = model.Profile.Calculated(key, Settings.Empty).OfType<CalculatedState>().Single(entry => entry.Sensor.Signal == Signal.OperatingState);
        var reading = state.Of(readings, At);
        readings[sensors.PositionOf(state.Sensor.Key)] = reading;

        Assert.EndsWith(expected, reading.IsGood ? $"{reading.Value} {reading.Text}" : reading.Reason, StringComparison.Ordinal);
        Assert.Equal(activity, Activity.Of(new Snapshot(HeatPumpId.FromNumber(1), At, sensors, readings)).Kind);
    }
}
