using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Core.Control;

public class PresentLimitsTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly SensorKey Low = SensorKey.Parse("lowest");
    private static readonly SensorKey High = SensorKey.Parse("highest");

    [Theory]
    [InlineData(25d, 60d, 25d, 60d)]
    [InlineData(25.35, 59.9, 26d, 59d)]
    [InlineData(25.35, null, 26d, null)]
    [InlineData(null, null, null, null)]
    public void Within_ReadingsOfTheLimits_NarrowToTheNextStepInside(double? low, double? high, double? min, double? max)
    {
        var present = Sensor(new ValueRange(null, null, 1)).Within(Snapshot(low, high));

        Assert.Equal(new ValueRange(min, max, 1), present.Range);
    }

    [Fact]
    public void Within_WiderThanTheOwnRange_KeepsTheOwn() =>
        Assert.Equal(new ValueRange(12, 30, 0.01), Sensor(new ValueRange(12, 30, 0.01)).Within(Snapshot(5, 40)).Range);

    [Fact]
    public void Within_NoSnapshotYet_IsTheSameSensor()
    {
        var sensor = Sensor(new ValueRange(12, 30, 1));

        Assert.Same(sensor, sensor.Within(null));
    }

    private static SensorDefinition Sensor(ValueRange range) => new()
    {
        Key = SensorKey.Parse("target"),
        Label = "Target",
        Category = SensorCategory.Setpoint,
        Kind = ValueKind.Number,
        Access = SensorAccess.ReadWrite,
        WriteClass = WriteClass.Setting,
        Range = range,
        Limits = new RangeSensors(Low, High),
    };

    private static Snapshot Snapshot(double? low, double? high)
    {
        SensorDefinition Limit(SensorKey key) => new() { Key = key, Label = key.Value, Category = SensorCategory.Temperature, Kind = ValueKind.Number };
        Reading Of(double? value) => value is null ? Reading.Missing(At, "not there") : new Reading(value, null, Quality.Good, At);
        return new Snapshot(HeatPumpId.FromNumber(1), At, new SensorSet([Limit(Low), Limit(High)]), [Of(low), Of(high)]);
    }
}
