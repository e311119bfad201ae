namespace HPManager.Core.History.Embedded.Coding;

/// <summary>
/// Whole numbers as their differences, or the differences of these (delta of delta, Pelkonen et al., Gorilla, 2015), whichever is smaller; divided by what they have in
/// common; then kept as what fits best: nothing when all are zero, the few that are not with the run lengths between them, or coded by what is expected next. One user at a time.
/// </summary>
internal sealed class IntegerCoding
{
    private const int MostOrder = 2;
    private const int RunsFrom = 96;

    private enum Form : byte
    {
        Zeros,
        Runs,
        Expected,
    }

    private readonly DeltaModel _model = new();
    private readonly ByteWriter _coded = new();
    private long[] _differences = [];

    /// <summary>Appends the numbers; how many there are is not kept. Sizes are below 2^60.</summary>
    public void Write(ByteWriter output, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return;
        if (_differences.Length < values.Length) _differences = new long[values.Length];
        var order = BestOrder(values);
        Difference(values, order);
        var rest = _differences.AsSpan(0, values.Length);
        var starts = rest[..Math.Min(order, rest.Length)];
        rest = rest[starts.Length..];

        var others = 0;
        foreach (var difference in rest) others += difference == 0 ? 0 : 1;
        var form = others == 0 ? Form.Zeros : others * RunsFrom <= rest.Length ? Form.Runs : Form.Expected;
        var step = form == Form.Zeros ? 1 : Step(rest);
        output.Byte((byte)((int)form | (order << 2) | (step > 1 ? 16 : 0)));
        foreach (var start in starts) output.Signed(start);
        if (step > 1) output.Number((ulong)step);
        if (form == Form.Runs) WriteRuns(output, rest, others, step);
        if (form == Form.Expected) WriteExpected(output, rest, step);
    }

    /// <summary>Reads as many numbers as there is room for.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public void Read(ref ByteReader input, Span<long> values)
    {
        if (values.IsEmpty) return;
        var head = input.Byte();
        var (form, order) = ((Form)(head & 3), (head >> 2) & 3);
        if (order > MostOrder || form > Form.Expected) throw new DamagedBlockException("its form is not known");
        var starts = values[..Math.Min(order, values.Length)];
        foreach (ref var start in starts) start = input.Signed();
        var rest = values[starts.Length..];
        var step = (head & 16) == 0 ? 1 : (long)input.Number();
        if (form == Form.Expected) ReadExpected(ref input, rest, step);
        else
        {
            rest.Clear();
            if (form == Form.Runs) ReadRuns(ref input, rest, step);
        }

        for (var times = Math.Min(order, values.Length); times > 0; times--)
        {
            for (var index = times; index < values.Length; index++) values[index] += values[index - 1];
        }
    }

    /// <summary>The greatest common divisor of two numbers; one of them when the other is zero.</summary>
    public static long CommonDivisor(long one, long other)
    {
        for (other = Math.Abs(other); other != 0;) (one, other) = (other, one % other);
        return one;
    }

    private static int BestOrder(ReadOnlySpan<long> values)
    {
        Span<long> costs = stackalloc long[MostOrder + 1];
        long last = 0, lastDifference = 0;
        for (var index = 0; index < values.Length; index++)
        {
            var value = values[index];
            var difference = value - last;
            costs[0] += Bits(value);
            if (index > 0) costs[1] += Bits(difference);
            if (index > 1) costs[2] += Bits(difference - lastDifference);
            (last, lastDifference) = (value, difference);
        }

        // A difference of a difference doubles the noise; on a tie the plainer form is quicker.
        var best = 0;
        for (var order = 1; order <= MostOrder; order++)
        {
            if (costs[order] < costs[best]) best = order;
        }

        return best;
    }

    private static int Bits(long value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(ZigZag.Fold(value));

    // The greatest common divisor: values that a device gives in steps of 0.5 are multiples of 5.
    private static long Step(ReadOnlySpan<long> differences)
    {
        var step = 0L;
        foreach (var difference in differences)
        {
            step = CommonDivisor(step, difference);
            if (step == 1) break;
        }

        return step;
    }

    private static void WriteRuns(ByteWriter output, ReadOnlySpan<long> rest, int others, long step)
    {
        output.Number((ulong)others);
        var since = 0;
        for (var index = 0; index < rest.Length; index++)
        {
            if (rest[index] == 0) continue;
            output.Number((ulong)(index - since));
            output.Signed(rest[index] / step);
            since = index + 1;
        }
    }

    private static void ReadRuns(ref ByteReader input, Span<long> rest, long step)
    {
        var others = input.Count(rest.Length);
        for (var index = 0; others > 0; others--, index++)
        {
            index += input.Count(rest.Length);
            if (index >= rest.Length) throw new DamagedBlockException("its runs are longer than the block");
            rest[index] = input.Signed() * step;
        }
    }

    private void WriteExpected(ByteWriter output, ReadOnlySpan<long> rest, long step)
    {
        _coded.Clear();
        _model.Reset();
        var encoder = new RangeEncoder(_coded);
        if (step == 1) foreach (var difference in rest) _model.Code(ref encoder, difference);
        else foreach (var difference in rest) _model.Code(ref encoder, difference / step);
        encoder.Finish();

        // The first byte of a range coder is always zero, and so are those at the end that the reader adds by itself.
        var coded = _coded.Written[1..].TrimEnd((byte)0);
        output.Number((ulong)coded.Length);
        output.Raw(coded);
    }

    private void ReadExpected(ref ByteReader input, Span<long> rest, long step)
    {
        _model.Reset();
        var decoder = new RangeDecoder(input.Raw(input.Count(input.Remaining)));
        foreach (ref var difference in rest) difference = _model.Code(ref decoder, 0) * step;
    }

    private void Difference(ReadOnlySpan<long> values, int order)
    {
        values.CopyTo(_differences);
        for (var times = 1; times <= order; times++)
        {
            for (var index = values.Length - 1; index >= times; index--) _differences[index] -= _differences[index - 1];
        }
    }
}
