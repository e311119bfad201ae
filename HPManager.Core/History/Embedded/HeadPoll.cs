using System.Buffers.Binary;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Embedded;

/// <summary>The series of a set of sensors, in its order. Immutable.</summary>
internal sealed record Layout(long Id, long[] Series)
{
    private readonly Dictionary<long, int> _positions = Series.Select((series, position) => (series, position)).ToDictionary(pair => pair.series, pair => pair.position);

    public int PositionOf(long series) => _positions.GetValueOrDefault(series, -1);
}

/// <summary>
/// A poll that is not sealed yet. In bytes, reading by reading in the layout's order: its state in the lower five bits of a byte; then a value as a decimal, whose number of places
/// stands in the upper three bits, as a whole number, or eight bytes when those bits are all set; or a text; a checksum behind all. Immutable.
/// </summary>
internal sealed record HeadPoll(long Pump, Layout Layout, long At, long Place, byte[] States, double[] Values, string?[]? Texts)
{
    /// <summary>Roughly what it takes in memory.</summary>
    public long Bytes => 100 + (States.Length * (sizeof(double) + 1L));

    private const int RawValue = 7;
    private const int FormShift = 5;
    private const int StateMask = ReadingState.Largest;

    private static readonly DecimalForm[] Forms = [.. DecimalForm.All.Where(form => (form.Code & 3) == 0).Take(RawValue)];

    public static HeadPoll Of(Snapshot snapshot, long pump, Layout layout, long place)
    {
        var readings = snapshot.Readings;
        var states = new byte[readings.Count];
        var values = new double[readings.Count];
        string?[]? texts = null;
        for (var position = 0; position < states.Length; position++)
        {
            var reading = readings[position];
            var state = states[position] = ReadingState.Of(reading);
            if (ReadingState.HoldsValue(state)) values[position] = reading.Value!.Value;
            else if (ReadingState.HoldsText(state)) (texts ??= new string?[states.Length])[position] = reading.Text;
        }

        return new HeadPoll(pump, layout, snapshot.At.ToUnixTimeMilliseconds(), place, states, values, texts);
    }

    public byte[] ToBytes(ByteWriter output)
    {
        output.Clear();
        for (var position = 0; position < States.Length; position++)
        {
            var state = States[position];
            if (ReadingState.HoldsValue(state)) WriteValue(output, state, Values[position]);
            else
            {
                output.Byte(state);
                if (ReadingState.HoldsText(state)) output.Text(Texts![position]!);
            }
        }

        output.UInt32(Checksum.Of(output.Written) ^ Checksum.Of(Pump, Layout.Id, At, Place));
        return output.Written.ToArray();
    }

    /// <summary>Reads a poll.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public static HeadPoll FromBytes(ReadOnlySpan<byte> bytes, long pump, Layout layout, long at, long place)
    {
        var input = new ByteReader(Checksum.Checked(bytes, Checksum.Of(pump, layout.Id, at, place)));
        var (states, values) = (new byte[layout.Series.Length], new double[layout.Series.Length]);
        string?[]? texts = null;
        for (var position = 0; position < states.Length; position++)
        {
            var head = input.Byte();
            var state = states[position] = (byte)(head & StateMask);
            if (ReadingState.HoldsValue(state)) values[position] = ReadValue(ref input, head >> FormShift);
            else if (ReadingState.HoldsText(state)) (texts ??= new string?[states.Length])[position] = input.Text();
        }

        return new HeadPoll(pump, layout, at, place, states, values, texts);
    }

    private static void WriteValue(ByteWriter output, byte state, double value)
    {
        for (var form = 0; form < Forms.Length; form++)
        {
            if (!Forms[form].TryWhole(value, out var whole)) continue;
            output.Byte((byte)(state | (form << FormShift)));
            output.Signed(whole);
            return;
        }

        output.Byte((byte)(state | (RawValue << FormShift)));
        BinaryPrimitives.WriteDoubleLittleEndian(output.Room(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    private static double ReadValue(ref ByteReader input, int form) => form == RawValue ? input.Double() : Forms[form].ValueOf(input.Signed());
}
