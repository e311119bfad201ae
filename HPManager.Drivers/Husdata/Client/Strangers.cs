using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Client;

/// <summary>Indices of an answer that nobody knows, up to a limit. Used again for the next answer; one user at a time.</summary>
internal sealed class Strangers(int capacity)
{
    private readonly List<(HusdataIndex Index, RawValue Value)> _found = [];

    /// <summary>What was found, in the answer's order.</summary>
    public IReadOnlyList<(HusdataIndex Index, RawValue Value)> Found => _found;

    /// <summary>How many there was no room for.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _found.Clear();
        LeftOut = 0;
    }

    /// <summary>Takes one in; an index that is there already came twice.</summary>
    public void Add(HusdataIndex index, RawValue value)
    {
        var known = _found.FindIndex(found => found.Index == index);
        if (known >= 0) _found[known] = (index, value with { State = RawState.Twice });
        else if (_found.Count < capacity) _found.Add((index, value));
        else LeftOut++;
    }
}
