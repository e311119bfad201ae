namespace HPManager.Drivers.Simulation.Physics;

/// <summary>A stop of the compressor.</summary>
/// <param name="At">When.</param>
/// <param name="FaultCode">The fault that stopped it; 0 when it had done its work.</param>
public sealed record PlantStop(DateTimeOffset At, int FaultCode);

/// <summary>A fault that appeared.</summary>
/// <param name="At">When.</param>
/// <param name="Code">Its number.</param>
public sealed record PlantFault(DateTimeOffset At, int Code);

/// <summary>What a controller remembers. Immutable.</summary>
/// <param name="ActivitySince">Begin of what it is doing.</param>
/// <param name="SwitchedAt">When the compressor last started or stopped.</param>
public sealed record PlantHistory(DateTimeOffset ActivitySince, DateTimeOffset SwitchedAt)
{
    /// <summary>How many stops and how many faults are remembered.</summary>
    public const int Length = 5;

    /// <summary>End of the last defrost; null when there was none.</summary>
    public DateTimeOffset? DefrostedAt { get; private init; }

    /// <summary>Stops, newest first, at most <see cref="Length"/>.</summary>
    public IReadOnlyList<PlantStop> Stops { get; private init; } = [];

    /// <summary>How often it has stopped.</summary>
    public long StopCount { get; private init; }

    /// <summary>Faults, newest first, at most <see cref="Length"/>.</summary>
    public IReadOnlyList<PlantFault> Faults { get; private init; } = [];

    internal PlantHistory AfterActivity(DateTimeOffset at, PlantActivity before) =>
        this with { ActivitySince = at, DefrostedAt = before == PlantActivity.Defrost ? at : DefrostedAt };

    internal PlantHistory AfterStart(DateTimeOffset at) => this with { SwitchedAt = at };

    internal PlantHistory AfterStop(DateTimeOffset at, int faultCode) => this with
    {
        SwitchedAt = at,
        Stops = [new PlantStop(at, faultCode), .. Stops.Take(Length - 1)],
        StopCount = StopCount + 1,
    };

    internal PlantHistory AfterFault(DateTimeOffset at, int code) => this with { Faults = [new PlantFault(at, code), .. Faults.Take(Length - 1)] };

    /// <summary>Whether the same was lived through.</summary>
    public bool Equals(PlantHistory? other) =>
        other is not null && ActivitySince == other.ActivitySince && SwitchedAt == other.SwitchedAt && DefrostedAt == other.DefrostedAt
        && StopCount == other.StopCount && Stops.SequenceEqual(other.Stops) && Faults.SequenceEqual(other.Faults);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ActivitySince, SwitchedAt, StopCount);
}
