namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>Registers from one to another, both included.</summary>
/// <param name="First">First register.</param>
/// <param name="Last">Last register, not before the first.</param>
public readonly record struct RegisterRange(int First, int Last)
{
    /// <summary>Whether the register lies inside.</summary>
    public bool Contains(int register) => register >= First && register <= Last;
}

/// <summary>How points of one table may be joined into one request. Immutable.</summary>
/// <param name="MaxWords">Most registers in one request, 1 to 125; or bits, 1 to 2000.</param>
/// <param name="MaxHole">Most registers of no point that may be read along between two points; 0 forbids gaps.</param>
/// <param name="NewRequestAt">
/// Addresses at which a new request must begin: a point there is never read behind a point before it, for example because the two overlap.
/// </param>
public sealed record BlockRules(int MaxWords, int MaxHole, IReadOnlySet<int> NewRequestAt)
{
    /// <summary>Ranges that a device has as a whole or not at all: joined only within themselves, and dropped by one refusal.</summary>
    public IReadOnlyList<RegisterRange> OptionalRanges { get; init; } = [];

    /// <summary>Whether a new request must begin at the address.</summary>
    public bool BeginsAt(int register)
    {
        if (NewRequestAt.Contains(register)) return true;
        foreach (var range in OptionalRanges)
        {
            if (register == range.First || register == range.Last + 1) return true;
        }

        return false;
    }

    /// <summary>The optional range that the address lies in; null for none.</summary>
    public RegisterRange? OptionalRangeOf(int register)
    {
        foreach (var range in OptionalRanges)
        {
            if (range.Contains(register)) return range;
        }

        return null;
    }
}
