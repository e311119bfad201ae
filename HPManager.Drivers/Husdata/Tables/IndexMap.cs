namespace HPManager.Drivers.Husdata.Tables;

/// <summary>Positions by index, found without hashing: the 65,536 possible indices are few enough for pages of 256. Grows; one user at a time.</summary>
internal sealed class IndexMap
{
    private readonly short[]?[] _pages = new short[256][];

    /// <summary>The position of an index; -1 when it has none.</summary>
    public int PositionOf(HusdataIndex index) => _pages[index.Number >> 8] is { } page ? page[index.Number & 0xFF] - 1 : -1;

    /// <summary>Gives an index its position.</summary>
    public void Add(HusdataIndex index, int position)
    {
        var page = _pages[index.Number >> 8] ??= new short[256];
        page[index.Number & 0xFF] = checked((short)(position + 1));
    }
}
