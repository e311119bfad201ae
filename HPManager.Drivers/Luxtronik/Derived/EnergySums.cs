using HPManager.Core.Sensors;

namespace HPManager.Drivers.Luxtronik.Derived;

/// <summary>Electric energy in all: the controller counts it by purpose only.</summary>
internal static class EnergySums
{
    private const double KilowattHours = 0.01;

    // Parameters: heating, hot water, pool, cooling.
    private static readonly int[] Parts = [1136, 1137, 1138, 1139];

    public static IReadOnlyList<DerivedSensor> Sensors { get; } =
    [
        new(
            DerivedSensors.Define("electric_energy", "Electrical energy used", SensorCategory.Energy, ValueKind.Counter, "parameters 1136 to 1139") with
            {
                Unit = Unit.KilowattHour,
                Signal = Signal.ElectricEnergy,
                Notes = "sum of heating, hot water, pool and cooling; older firmware does not count it",
            },
            Read),
    ];

    private static Reading Read(PollFacts facts)
    {
        var sum = 0L;
        foreach (var index in Parts)
        {
            if (facts.Parameter(index) is not { } raw) return facts.Absent();
            sum += raw;
        }

        return facts.Good(Math.Round(sum * KilowattHours, 2));
    }
}
