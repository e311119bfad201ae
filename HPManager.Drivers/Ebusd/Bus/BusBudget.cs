namespace HPManager.Drivers.Ebusd.Bus;

/// <summary>
/// How many reads one bus is asked for: 2400 baud are shared by the heat pump, its controller and everybody else, and a client that floods it has made
/// units report communication errors. On average one read in two seconds, three at once at most. Thread-safe.
/// </summary>
internal sealed class BusBudget(TimeProvider time)
{
    /// <summary>Reads that may be made at once after a rest.</summary>
    public const int Burst = 3;

    /// <summary>Time that earns one read.</summary>
    public static readonly TimeSpan PerRead = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private double _left = Burst;
    private long _counted = time.GetTimestamp();

    /// <summary>Takes a read out of the budget; false when there is none.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            Count();
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }

    /// <summary>Counts a read that is made whatever the budget says, such as the proof of a write; later ones wait for it.</summary>
    public void Note()
    {
        lock (_gate)
        {
            Count();
            _left = Math.Max(_left - 1, -Burst);
        }
    }

    /// <summary>How long until there is a read to take; zero when there is one.</summary>
    public TimeSpan Wait()
    {
        lock (_gate)
        {
            Count();
            return _left >= 1 ? TimeSpan.Zero : PerRead * (1 - _left);
        }
    }

    private void Count()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_counted, now) / PerRead));
        _counted = now;
    }
}
