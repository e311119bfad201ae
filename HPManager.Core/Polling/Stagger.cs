namespace HPManager.Core.Polling;

/// <summary>
/// Spreads the endpoints over a window behind each moment of the grid, so that a thousand of them do not ask at once. Few endpoints get a short
/// window: their values are taken within milliseconds of their timestamp. Thread-safe.
/// </summary>
internal sealed class Stagger
{
    private static readonly TimeSpan PerEndpoint = TimeSpan.FromMilliseconds(10);
    private readonly Lock _gate = new();
    private readonly SortedSet<int> _taken = [];
    private int _count;

    /// <summary>Takes the smallest free place.</summary>
    public int Enter()
    {
        lock (_gate)
        {
            var place = 0;
            while (!_taken.Add(place)) place++;
            _count = _taken.Count;
            return place;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(int place)
    {
        lock (_gate)
        {
            _taken.Remove(place);
            _count = _taken.Count;
        }
    }

    /// <summary>How long behind the grid the place begins: evenly spread whatever the number of places, at most 0.8 of the interval.</summary>
    public TimeSpan PhaseOf(int place, TimeSpan interval)
    {
        var window = TimeSpan.FromTicks(Math.Min((long)(interval.Ticks * 0.8), PerEndpoint.Ticks * Volatile.Read(ref _count)));
        return window * Fraction(place);
    }

    // Van der Corput sequence in base 2: every prefix of it is spread evenly, so that places taken later fall between the earlier ones.
    private static double Fraction(int place)
    {
        double fraction = 0, weight = 0.5;
        for (var rest = place; rest > 0; rest >>= 1, weight /= 2)
        {
            if ((rest & 1) != 0) fraction += weight;
        }

        return fraction;
    }
}
