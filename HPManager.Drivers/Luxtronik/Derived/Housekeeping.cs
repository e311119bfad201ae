using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>The controller itself: firmware, clock, and how much of the day's writes is used up.</summary>
internal static class Housekeeping
{
    private const int Clock = 134;

    private static readonly Unit Seconds = Unit.TryParse("s", out var unit) ? unit : Unit.None;

    public static IReadOnlyList<DerivedSensor> Sensors { get; } =
    [
        new(
            DerivedSensors.Define("firmware_version", "Firmware", SensorCategory.Other, ValueKind.Text, "calculations 81 to 90"),
            facts => facts.Firmware.Text.Length > 0 ? facts.GoodText(facts.Firmware.Text) : facts.Missing("the controller names no firmware")),
        new(
            DerivedSensors.Define("clock_difference", "Controller's clock ahead by", SensorCategory.Time, ValueKind.Number, "calculation 134") with
            {
                Unit = Seconds,
                Notes = "beyond 300 s the clock should be set; a whole number of hours may only be the time zone, since clients disagree whether it runs in UTC",
            },
            ReadClock),
        new(
            DerivedSensors.Define("writes_today", "Settings written today", SensorCategory.Other, ValueKind.Number, "HPManager") with
            {
                Notes = "by HPManager since midnight UTC; 20 a day spare the controller's flash memory",
            },
            facts => facts.Good(facts.WritesToday)),
    ];

    private static Reading ReadClock(PollFacts facts) => facts.Calculation(Clock) switch
    {
        null => facts.Absent(),
        0 => facts.Missing("the controller's clock is not set"),
        { } clock => facts.Good(Math.Round((DateTimeOffset.FromUnixTimeSeconds(clock) - facts.Now).TotalSeconds)),
    };
}
