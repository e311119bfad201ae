using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Cells of decimals as whole numbers in bits, quick to read: how many hours nothing moved, then of one in which something did, how far its minimum lies from the value before and how wide its
/// range is, as Exp-Golomb codes; last value and sum, which cannot lie outside of what minimum, range and count allow, in as many bits as that takes.
/// </summary>
internal static class WholeCells
{
    private const long LargestSum = 1L << 53;
    private const int MostPlain = 32;
    private const int PlainBits = 6;

    /// <summary>The cells of a column whose values are known as whole numbers: their sums are exact.</summary>
    public static List<Cell> Of(ReadOnlySpan<long> times, SeriesColumn column, ReadOnlySpan<long> wholes, DecimalForm form)
    {
        var cells = Cell.Aggregate(times, column);
        var next = 0;
        foreach (ref var cell in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(cells))
        {
            var sum = 0L;
            for (var count = 0; count < cell.Count; next++)
            {
                if (column.States[next] != ReadingState.Good) continue;
                sum += wholes[next];
                count++;
            }

            cell = cell with { Sum = form.ValueOf(sum) };
        }

        return cells;
    }

    /// <summary>Appends cells; false, and nothing is written, when they do not fit.</summary>
    public static bool TryWrite(ByteWriter output, List<Cell> cells, DecimalForm form)
    {
        var moved = new List<Moved>();
        var (before, still) = (0L, 0UL);
        foreach (var cell in cells)
        {
            var isWhole = form.TryWhole(cell.Min, out var min) & form.TryWhole(cell.Max, out var max) & form.TryWhole(cell.Last, out var last) & form.TryWhole(cell.Sum, out var sum);
            var rest = sum - (min * cell.Count);
            if (!isWhole || max >= LargestSum / cell.Count || min <= -LargestSum / cell.Count || rest < 0 || rest > (max - min) * cell.Count) return false;
            var one = new Moved(still, ZigZag.Fold(before - min), (ulong)(max - min), (ulong)(last - min), (ulong)rest, (ulong)cell.Count);
            before = last;
            if (one is { Offset: 0, Range: 0 }) still++;
            else
            {
                moved.Add(one);
                still = 0;
            }
        }

        Write(output, moved, still);
        return true;
    }

    /// <summary>Reads cells.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public static void Read(ref ByteReader input, DecimalForm form, long[] hours, int[] counts, Span<Cell> cells)
    {
        var bits = new BitReader(input.Raw(input.Remaining));
        var (plainStill, plainOffset, plainRange) = (Plain(ref bits), Plain(ref bits), Plain(ref bits));
        var before = 0L;
        for (var index = 0; index < cells.Length; index++)
        {
            var still = bits.Small(plainStill);
            if (still > (ulong)(cells.Length - index)) throw new DamagedBlockException("its runs are longer than the block");
            var value = form.ValueOf(before);
            for (; still > 0; still--, index++) cells[index] = new Cell(hours[index], counts[index], value, value, value, form.ValueOf(before * counts[index]));
            if (index == cells.Length) return;

            var min = before - ZigZag.Unfold(bits.Small(plainOffset));
            var range = bits.Small(plainRange);
            var (count, most) = (counts[index], range * (ulong)counts[index]);
            if (range > LargestSum || most > LargestSum * 2) throw new DamagedBlockException("an hour is too wide");
            before = min + (long)bits.Number(BitsFor(range));
            var sum = (min * count) + (long)bits.Number(BitsFor(most));
            cells[index] = new Cell(hours[index], count, form.ValueOf(min), form.ValueOf(min + (long)range), form.ValueOf(before), form.ValueOf(sum));
        }
    }

    private static void Write(ByteWriter output, List<Moved> moved, ulong still)
    {
        var (plainStill, plainOffset, plainRange) = (Plain(moved, cell => cell.Still), Plain(moved, cell => cell.Offset), Plain(moved, cell => cell.Range));
        var bits = new BitWriter(output);
        bits.Number((ulong)plainStill, PlainBits);
        bits.Number((ulong)plainOffset, PlainBits);
        bits.Number((ulong)plainRange, PlainBits);
        foreach (var cell in moved)
        {
            bits.Small(cell.Still, plainStill);
            bits.Small(cell.Offset, plainOffset);
            bits.Small(cell.Range, plainRange);
            bits.Number(cell.Last, BitsFor(cell.Range));
            bits.Number(cell.Rest, BitsFor(cell.Range * cell.Count));
        }

        if (still > 0) bits.Small(still, plainStill);
        bits.Finish();
    }

    private static int BitsFor(ulong most) => 64 - System.Numerics.BitOperations.LeadingZeroCount(most);

    private static int Plain(ref BitReader bits)
    {
        var plain = (int)bits.Number(PlainBits);
        return plain <= MostPlain ? plain : throw new DamagedBlockException("its code is not known");
    }

    // The parameter of the code that makes these numbers shortest.
    private static int Plain(List<Moved> cells, Func<Moved, ulong> number)
    {
        var best = (Plain: 0, Bits: long.MaxValue);
        for (var plain = 0; plain <= MostPlain; plain++)
        {
            var bits = cells.Sum(cell => (long)BitReader.LengthOfSmall(number(cell), plain));
            if (bits < best.Bits) best = (plain, bits);
        }

        return best.Plain;
    }

    // A cell in which something moved, behind so many in which nothing did.
    private readonly record struct Moved(ulong Still, ulong Offset, ulong Range, ulong Last, ulong Rest, ulong Count);
}
