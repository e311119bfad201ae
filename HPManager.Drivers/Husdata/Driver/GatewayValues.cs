using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Client;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>
/// The values of one heat pump as they came, and what follows from them: sensors that are found, how the gateway scales, and readings. Used by one session,
/// one call at a time.
/// </summary>
internal sealed class GatewayValues
{
    private readonly HusdataTable _table;
    private readonly int[] _open;
    private readonly int[] _unreadAtZero;
    private readonly bool[] _wasRead;
    private RawValue[] _values;

    /// <summary>Goes on from what was found earlier.</summary>
    public GatewayValues(HusdataTable table, bool allowsUnverifiedWrites, Scaling scaling, HusdataFindings findings)
    {
        _table = table;
        Registers = new HusdataRegisters(table, allowsUnverifiedWrites, findings.UnknownIndices());
        Scale = new ScaleEvidence(scaling, findings.Scale);
        _open = [.. Positions(entry => entry.IsScaleOpen)];
        _unreadAtZero = [.. Positions(entry => entry.IsUnreadAtZero)];
        _wasRead = new bool[table.Entries.Count];
        _values = new RawValue[Registers.Entries.Count];
    }

    public HusdataRegisters Registers { get; }

    public ScaleEvidence Scale { get; }

    /// <summary>Indices that nobody knows, found in the newest answer.</summary>
    public Strangers Strangers { get; } = new(HusdataRegisters.MaxUnknown);

    /// <summary>Forgets the values, so that new ones can be taken in.</summary>
    public void Clear(DateTimeOffset at)
    {
        Strangers.Clear();
        _values.AsSpan().Fill(new RawValue(RawState.Absent, 0, IsEngineering: false, at));
    }

    /// <summary>Takes in the answer to <c>/api/alldata</c>, over what is there.</summary>
    public ParsedAnswer Read(ReadOnlySpan<byte> body, DateTimeOffset at) => AllDataParser.Parse(body, Registers.Map, _values, at, Strangers);

    /// <summary>Takes in what a gateway has published, where no answer of just now has a number.</summary>
    public void Read(GatewayFeed feed, DateTimeOffset at)
    {
        var form = feed.Form;
        foreach (var (index, published) in feed.Newest)
        {
            var position = Registers.Map.PositionOf(index);
            if (position >= 0 && _values[position].State == RawState.Number) continue;
            var value = published with { At = published.At < at ? published.At : at, IsEngineering = form == FeedForm.Engineering };
            if (position < 0)
            {
                Strangers.Add(index, value);
                continue;
            }

            var isScaled = Registers.Entries[position] is { Divisor: not 1, Sensor.Codes: null };
            if (form == FeedForm.Auto && isScaled && value.State is RawState.Number or RawState.Kept) value = value with { State = RawState.FormOpen };
            if (form == FeedForm.Raw && value.State == RawState.Number && value.Number != Math.Truncate(value.Number)) value = value with { State = RawState.NotWhole };
            _values[position] = value;
        }
    }

    /// <summary>Makes sensors of what nobody knows.</summary>
    /// <returns>Whether there are more sensors now.</returns>
    public bool Settle(DateTimeOffset at)
    {
        var hasGrown = Registers.Learn(Strangers.Found.Select(found => found.Index));
        if (hasGrown)
        {
            var before = _values.Length;
            Array.Resize(ref _values, Registers.Entries.Count);
            _values.AsSpan(before).Fill(new RawValue(RawState.Absent, 0, IsEngineering: false, at));
            foreach (var (index, value) in Strangers.Found)
            {
                if (Registers.Map.PositionOf(index) is >= 0 and var position) _values[position] = value;
            }
        }

        foreach (var position in _open)
        {
            if (_values[position] is { State: RawState.Number, IsEngineering: false, Number: var number } && Registers.Entries[position] is var entry)
                Scale.Note(entry, ValueCodec.Signed(entry, number));
        }

        return hasGrown;
    }

    /// <summary>Whether every temperature there is reads zero: the gateway has not read the heat pump yet.</summary>
    public bool IsAllZero()
    {
        var found = false;
        for (var position = 0; position < _table.Entries.Count; position++)
        {
            if (_values[position].State != RawState.Number || _table.Entries[position].Type != EntryType.Int16) continue;
            if (_values[position].Number != 0) return false;
            found = true;
        }

        return found;
    }

    /// <summary>The number of an entry as it came; null when there is none.</summary>
    public double? NumberAt(int entry) =>
        _values[entry] is { State: RawState.Number } value ? ValueCodec.Signed(Registers.Entries[entry], value.Number) : null;

    /// <summary>When the value of an entry was true.</summary>
    public DateTimeOffset TimeAt(int entry) => _values[entry].At;

    /// <summary>The reading of one entry.</summary>
    public Reading ReadingAt(int entry) => Decode(entry, isStarting: false);

    /// <summary>All readings, at the positions of the sensors; those about the gateway are left out.</summary>
    public void ReadAll(Span<Reading> readings)
    {
        var isStarting = NoteRead();
        var known = _table.Entries.Count;
        for (var entry = 0; entry < known; entry++) readings[entry] = Decode(entry, isStarting);
        for (var entry = known; entry < _values.Length; entry++) readings[Registers.SensorPositionOf(entry)] = Decode(entry, isStarting);
        for (var entry = 0; entry < known; entry++)
        {
            if (_table.Entries[entry].FirstOf.Count > 0) readings[entry] = FirstOf(_table.Entries[entry], readings);
        }
    }

    private static Reading FirstOf(HusdataEntry entry, ReadOnlySpan<Reading> readings)
    {
        foreach (var position in entry.FirstOf)
        {
            if (readings[position].Value is not null) return readings[position];
        }

        return readings[entry.FirstOf[^1]];
    }

    private IEnumerable<int> Positions(Func<HusdataEntry, bool> condition) =>
        Enumerable.Range(0, _table.Entries.Count).Where(position => condition(_table.Entries[position]));

    // A temperature that was there and is exactly zero now: the gateway has been restarted and serves zeros for what it has not read again.
    private bool NoteRead()
    {
        var isStarting = false;
        foreach (var position in _unreadAtZero)
        {
            if (_values[position].State != RawState.Number) continue;
            if (_values[position].Number != 0) _wasRead[position] = true;
            else isStarting |= _wasRead[position];
        }

        return isStarting;
    }

    private Reading Decode(int position, bool isStarting)
    {
        var entry = Registers.Entries[position];
        ref readonly var value = ref _values[position];
        if (isStarting && value is { State: RawState.Number, Number: 0 } && entry.Type != EntryType.Bool)
            return Reading.Missing(value.At, "0: the gateway has been restarted and has not read it yet");
        if (entry.Sensor.Access == SensorAccess.Write) return Reading.Missing(value.At, "it is only written");
        return ValueCodec.Decode(entry, value, entry.IsScaleOpen ? Scale.Of(entry.Index.DataType) : Scaling.Normalised);
    }
}
