namespace HPManager.Drivers.Simulation;

/// <summary>A clock that stands where it is put, for living through a time that is over. Timers made on it never fire. Not thread-safe.</summary>
/// <param name="start">Where it begins.</param>
public sealed class PastClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Moves it on.</summary>
    public void Advance(TimeSpan by) => _now += by;
}
