using System.Text;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Embedded;

/// <summary>The series of a set of sensors, in its order. Immutable.</summary>
internal sealed record Layout(long Id, long[] Series);

/// <summary>
/// A poll that is not sealed yet, kept as its bytes: reading by reading in the layout's order, its state in the lower five bits of a byte; then a value as a decimal, whose number of
/// places stands in the upper three bits, as a whole number, or eight bytes when those bits are all set; or a text; a checksum behind all. Immutable.
/// </summary>
internal sealed class HeadPoll
{
    private const int RawValue = 7;
    private const int FormShift = 5;
    private const int StateMask = ReadingState.Largest;
    private const int Overhead = 100;

    private static readonly DecimalForm[] Forms = [.. DecimalForm.All.Where(form => (form.Code & 3) == 0).Take(RawValue)];

    private HeadPoll(long pump, Layout layout, long at, long place, byte[] body) => (Pump, Layout, At, Place, Body) = (pump, layout, at, place, body);

    public long Pump { get; }

    public Layout Layout { get; }

    public long At { get; }

    public long Place { get; }

    /// <summary>What is written to the file.</summary>
    public byte[] Body { get; }

    /// <summary>Roughly what it takes in memory.</summary>
    public long Bytes => Overhead + Body.Length;

    /// <summary>What a heat pump told.</summary>
    /// <param name="snapshot">What it told.</param>
    /// <param name="pump">Its number.</param>
    /// <param name="layout">The series of the snapshot's sensors.</param>
    /// <param name="place">Its place in the order of arrival.</param>
    /// <param name="room">Room to write in.</param>
    public static HeadPoll Of(Snapshot snapshot, long pump, Layout layout, long place, ByteWriter room)
    {
        room.Clear();
        foreach (ref readonly var reading in snapshot.Span)
        {
            var state = ReadingState.Of(reading);
            if (ReadingState.HoldsValue(state))
            {
                WriteValue(room, state, reading.Value!.Value);
                continue;
            }

            room.Byte(state);
            if (ReadingState.HoldsText(state)) room.Text(reading.Text!);
        }

        var at = snapshot.At.ToUnixTimeMilliseconds();
        room.UInt32(Checksum.Of(room.Written) ^ Checksum.Of(pump, layout.Id, at, place));
        return new HeadPoll(pump, layout, at, place, room.Written.ToArray());
    }

    /// <summary>A poll out of the file.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public static HeadPoll FromBytes(byte[] bytes, long pump, Layout layout, long at, long place)
    {
        Checksum.Checked(bytes, Checksum.Of(pump, layout.Id, at, place));
        var poll = new HeadPoll(pump, layout, at, place, bytes);
        poll.CopyTo([], [.. layout.Series.Select(_ => -1)], row: 0);
        return poll;
    }

    /// <summary>Lays its readings into a row of columns.</summary>
    /// <param name="columns">Columns that have the row.</param>
    /// <param name="targets">For each series of the layout which column is its own; -1 for none.</param>
    /// <param name="row">The row.</param>
    public void CopyTo(Span<SeriesColumn> columns, ReadOnlySpan<int> targets, int row)
    {
        var input = new ByteReader(Body.AsSpan(0, Body.Length - sizeof(uint)));
        foreach (var target in targets)
        {
            var head = input.Byte();
            var state = (byte)(head & StateMask);
            var value = ReadingState.HoldsValue(state) ? ReadValue(ref input, head >> FormShift) : 0;
            var text = ReadingState.HoldsText(state) ? input.Raw(input.Count(input.Remaining)) : default;
            if (target < 0) continue;
            ref var column = ref columns[target];
            column.States[row] = state;
            column.Values[row] = value;
            if (!ReadingState.HoldsText(state)) continue;
            if (column.Texts is null) column = column with { Texts = new string?[column.States.Length] };
            column.Texts[row] = Encoding.UTF8.GetString(text);
        }
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
        output.Double(value);
    }

    private static double ReadValue(ref ByteReader input, int form) => form == RawValue ? input.Double() : Forms[form].ValueOf(input.Signed());
}
