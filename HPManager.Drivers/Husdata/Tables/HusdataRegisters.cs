using HPManager.Core.Sensors;

namespace HPManager.Drivers.Husdata.Tables;

/// <summary>
/// The sensors of one heat pump behind a gateway: those of its controller's table, and behind them what the gateway sends beside. Grows as indices appear,
/// up to a limit; a position never changes. One user at a time.
/// </summary>
internal sealed class HusdataRegisters
{
    /// <summary>Most indices that are kept although nothing is known about them.</summary>
    public const int MaxUnknown = 300;

    private readonly HusdataTable _table;
    private readonly List<HusdataEntry> _entries;
    private readonly SensorSet _known;

    /// <summary>The table's sensors, and those unknown indices that were seen before.</summary>
    public HusdataRegisters(HusdataTable table, bool allowsUnverifiedWrites, IEnumerable<HusdataIndex> seen)
    {
        _table = table;
        _known = table.Sensors(allowsUnverifiedWrites);
        _entries = [.. table.Entries];
        for (var position = 0; position < _entries.Count; position++)
        {
            if (_entries[position].IsAtGateway) Map.Add(_entries[position].Index, position);
        }

        Sensors = _known;
        Learn(seen);
    }

    /// <summary>Positions of the indices among <see cref="Entries"/>.</summary>
    public IndexMap Map { get; } = new();

    /// <summary>Entries of the table, then unknown ones.</summary>
    public IReadOnlyList<HusdataEntry> Entries => _entries;

    /// <summary>Unknown indices in the order of their discovery.</summary>
    public IEnumerable<HusdataIndex> Unknown => _entries.Skip(_table.Entries.Count).Select(entry => entry.Index);

    /// <summary>How many unknown indices there is room for.</summary>
    public int Room => MaxUnknown - (_entries.Count - _table.Entries.Count);

    /// <summary>The sensors: the table's, the two about the gateway, then the unknown ones.</summary>
    public SensorSet Sensors { get; private set; }

    /// <summary>The position of an entry's sensor.</summary>
    public int SensorPositionOf(int entry) => entry < _table.Entries.Count ? entry : entry + _known.Count - _table.Entries.Count;

    /// <summary>The entry of a sensor's position; null for those about the gateway.</summary>
    public HusdataEntry? EntryOfSensor(int position) => position < _table.Entries.Count ? _entries[position]
        : position < _known.Count ? null : _entries[position - _known.Count + _table.Entries.Count];

    /// <summary>Takes in unknown indices, as many as there is room for.</summary>
    /// <returns>Whether there are more sensors now.</returns>
    public bool Learn(IEnumerable<HusdataIndex> indices)
    {
        var before = _entries.Count;
        foreach (var index in indices)
        {
            if (Room == 0) break;
            if (Map.PositionOf(index) >= 0) continue;
            Map.Add(index, _entries.Count);
            _entries.Add(Describe(index));
        }

        if (_entries.Count == before) return false;
        Sensors = new SensorSet([.. _known.All, .. _entries.Skip(_table.Entries.Count).Select(entry => entry.Sensor)]);
        return true;
    }

    private static HusdataEntry Describe(HusdataIndex index) => new()
    {
        Index = index,
        Type = EntryType.Unknown,
        Sensor = new SensorDefinition
        {
            Key = index.UnknownKey,
            Label = $"Index {index} (unknown)",
            Category = SensorCategory.Other,
            Kind = ValueKind.Number,
            Address = index.ToString(),
            Notes = "The gateway sends it and nothing is known about it: the number is shown as it comes, neither scaled nor signed.",
        },
    };
}
