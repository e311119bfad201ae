namespace HPManager.Core.History.Embedded.Coding;

/// <summary>What a sensor told, poll by poll: states, then the values that there are, then the texts. One user at a time.</summary>
internal sealed class ColumnCoding
{
    private const int MostTexts = 100_000;
    private const byte OneState = 1;
    private const byte WithTexts = 2;

    private readonly IntegerCoding _integers = new();
    private readonly NumberCoding _numbers;
    private long[] _whole = [];
    private double[] _present = [];

    public ColumnCoding() => _numbers = new NumberCoding(_integers);

    /// <summary>Appends moments or other whole numbers.</summary>
    public void WriteWhole(ByteWriter output, ReadOnlySpan<long> values) => _integers.Write(output, values);

    /// <summary>Reads as many as there is room for.</summary>
    public void ReadWhole(ref ByteReader input, Span<long> values) => _integers.Read(ref input, values);

    /// <summary>Appends a column; how many polls there are is not kept.</summary>
    public void Write(ByteWriter output, SeriesColumn column)
    {
        var states = column.States;
        var isOne = !states.AsSpan().ContainsAnyExcept(states[0]);
        var texts = column.Texts;
        output.Byte((byte)((isOne ? OneState : 0) | (texts is null ? 0 : WithTexts)));
        if (isOne) output.Byte(states[0]);
        else _integers.Write(output, Widen(states));

        _numbers.Write(output, isOne && states[0] == ReadingState.Good ? column.Values : Present(column));
        if (texts is not null) WriteTexts(output, states, texts);
    }

    /// <summary>Reads a column of so many polls.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public SeriesColumn Read(ref ByteReader input, long series, int polls)
    {
        var head = input.Byte();
        var states = new byte[polls];
        if ((head & OneState) != 0) Array.Fill(states, State(input.Byte()));
        else ReadStates(ref input, states);

        var values = new double[polls];
        var present = states.AsSpan().Count(ReadingState.Good) == polls ? polls : CountPresent(states);
        if (present == polls) _numbers.Read(ref input, values);
        else
        {
            if (_present.Length < present) _present = new double[present];
            _numbers.Read(ref input, _present.AsSpan(0, present));
            for (int poll = 0, next = 0; poll < polls; poll++)
            {
                if (ReadingState.HoldsValue(states[poll])) values[poll] = _present[next++];
            }
        }

        return new SeriesColumn(series, values, states, (head & WithTexts) == 0 ? null : ReadTexts(ref input, states));
    }

    private static int CountPresent(ReadOnlySpan<byte> states)
    {
        var present = 0;
        foreach (var state in states) present += ReadingState.HoldsValue(state) ? 1 : 0;
        return present;
    }

    private static byte State(long value) =>
        value is >= 0 and <= ReadingState.Largest ? (byte)value : throw new DamagedBlockException($"a reading's state is {value}");

    private Span<double> Present(SeriesColumn column)
    {
        if (_present.Length < column.Values.Length) _present = new double[column.Values.Length];
        var present = 0;
        for (var poll = 0; poll < column.States.Length; poll++)
        {
            if (ReadingState.HoldsValue(column.States[poll])) _present[present++] = column.Values[poll];
        }

        return _present.AsSpan(0, present);
    }

    private Span<long> Widen(ReadOnlySpan<byte> states)
    {
        var whole = Room(states.Length);
        for (var poll = 0; poll < states.Length; poll++) whole[poll] = states[poll];
        return whole;
    }

    private void ReadStates(ref ByteReader input, Span<byte> states)
    {
        var whole = Room(states.Length);
        _integers.Read(ref input, whole);
        for (var poll = 0; poll < states.Length; poll++) states[poll] = State(whole[poll]);
    }

    private Span<long> Room(int count)
    {
        if (_whole.Length < count) _whole = new long[count];
        return _whole.AsSpan(0, count);
    }

    private void WriteTexts(ByteWriter output, byte[] states, string?[] texts)
    {
        var known = new Dictionary<string, long>();
        var places = new List<long>();
        for (var poll = 0; poll < states.Length; poll++)
        {
            if (!ReadingState.HoldsText(states[poll])) continue;
            if (!known.TryGetValue(texts[poll]!, out var place)) known[texts[poll]!] = place = known.Count;
            places.Add(place);
        }

        output.Number((ulong)known.Count);
        foreach (var text in known.Keys) output.Text(text);
        _integers.Write(output, places.ToArray());
    }

    private string?[] ReadTexts(ref ByteReader input, byte[] states)
    {
        var known = new string[input.Count(MostTexts)];
        foreach (ref var text in known.AsSpan()) text = input.Text();
        var places = new long[states.Count(ReadingState.HoldsText)];
        _integers.Read(ref input, places);
        var texts = new string?[states.Length];
        for (int poll = 0, next = 0; poll < states.Length; poll++)
        {
            if (!ReadingState.HoldsText(states[poll])) continue;
            var place = places[next++];
            texts[poll] = place >= 0 && place < known.Length ? known[place] : throw new DamagedBlockException("a text is missing");
        }

        return texts;
    }
}

/// <summary>A sensor's readings, poll by poll; the arrays are as long as there are polls and belong to whoever made them.</summary>
/// <param name="Series">Number of the series.</param>
/// <param name="Values">Values; what stands where <paramref name="States"/> tells of none means nothing.</param>
/// <param name="States">See <see cref="ReadingState"/>.</param>
/// <param name="Texts">Texts; null when there are none.</param>
internal sealed record SeriesColumn(long Series, double[] Values, byte[] States, string?[]? Texts);
