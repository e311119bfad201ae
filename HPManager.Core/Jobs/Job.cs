using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Jobs;

/// <summary>An owner's planned write: a value for a sensor at certain times.</summary>
public sealed record Job
{
    /// <summary>Identity; 0 before it is kept.</summary>
    public int Id { get; init; }

    /// <summary>The heat pump it writes to.</summary>
    public required HeatPumpId HeatPumpId { get; init; }

    /// <summary>Name, 1 to 80 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The sensor it writes.</summary>
    public required SensorKey Sensor { get; init; }

    /// <summary>The value, as in a write request.</summary>
    public required string Value { get; init; }

    /// <summary>Days on which it runs; at least one.</summary>
    public required IReadOnlyList<DayOfWeek> Days { get; init; }

    /// <summary>Time of day at which it runs, in the server's zone.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>Whether it is in force.</summary>
    public bool Enabled { get; init; } = true;
}
