using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Cells of decimals as whole numbers in bits, quick to read: divided by what they have in common; how many hours nothing moved; then of one in which something did, how far its minimum
/// lies from the value before, how wide its range is, and how far its sum lies from that of the middle, as Exp-Golomb codes, each with the parameter that suits the column; and the last
/// value, which often is the maximum or the minimum, in a bit or two, else in as many bits as the range takes.
/// </summary>
internal static class WholeCells
{
    private const long LargestSum = 1L << 53;
    private const int MostPlain = 32;
    private const int PlainBits = 6;
    private const int Wide = 4;

    /// <summary>The cells of a column whose values are known as whole numbers: their sums are exact.</summary>
    public static List<Cell> Of(ReadOnlySpan<long> times, SeriesColumn column, ReadOnlySpan<long> wholes, DecimalForm form)
    {
        var cells = Cell.Aggregate(times, column);
        var next = 0;
        foreach (ref var cell in CollectionsMarshal.AsSpan(cells))
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
        var wholes = new (long Min, long Max, long Last, long Sum)[cells.Count];
        var step = 0L;
        for (var index = 0; index < wholes.Length; index++)
        {
            var cell = cells[index];
            ref var whole = ref wholes[index];
            var isWhole = form.TryWhole(cell.Min, out whole.Min) & form.TryWhole(cell.Max, out whole.Max) & form.TryWhole(cell.Last, out whole.Last) & form.TryWhole(cell.Sum, out whole.Sum);
            if (!isWhole || whole.Max >= LargestSum / cell.Count || whole.Min <= -LargestSum / cell.Count) return false;
            foreach (var number in (ReadOnlySpan<long>)[whole.Min, whole.Max, whole.Last, whole.Sum]) step = IntegerCoding.CommonDivisor(step, number);
        }

        Write(output, wholes, cells, Math.Max(1, step));
        return true;
    }

    /// <summary>Reads cells.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // the first chart after a start is not to wait until this is found to be hot
    public static void Read(ref ByteReader input, DecimalForm form, long[] hours, int[] counts, Span<Cell> cells)
    {
        var bits = new BitReader(input.Raw(input.Remaining));
        var step = (long)bits.Small(0) + 1;
        var (plainStill, plainOffset, plainRange, plainSum) = (Plain(ref bits), Plain(ref bits), Plain(ref bits), Plain(ref bits));
        var before = 0L;
        for (var index = 0; index < cells.Length; index++)
        {
            var still = bits.Small(plainStill);
            if (still > (ulong)(cells.Length - index)) throw new DamagedBlockException("its runs are longer than the block");
            var value = form.ValueOf(before * step);
            for (; still > 0; still--, index++) cells[index] = new Cell(hours[index], counts[index], value, value, value, form.ValueOf(before * step * counts[index]));
            if (index == cells.Length) return;

            var min = before - ZigZag.Unfold(bits.Small(plainOffset));
            var range = (long)bits.Small(plainRange);
            var (count, max) = (counts[index], min + range);
            if (range > LargestSum / count) throw new DamagedBlockException("an hour is too wide");
            before = min + (range == 0 ? 0 : Last(ref bits, range));
            var sum = range == 0 ? min * count : MiddleSum(min, max, count) + ZigZag.Unfold(bits.Small(plainSum));
            var (least, most) = (form.ValueOf(min * step), form.ValueOf(max * step));
            var last = before == max ? most : before == min ? least : form.ValueOf(before * step);
            cells[index] = new Cell(hours[index], count, least, most, last, form.ValueOf(sum * step));
        }
    }

    private static void Write(ByteWriter output, (long Min, long Max, long Last, long Sum)[] wholes, List<Cell> cells, long step)
    {
        var moved = new List<Moved>();
        var (before, still) = (0L, 0UL);
        for (var index = 0; index < wholes.Length; index++)
        {
            var (min, max, last, sum) = (wholes[index].Min / step, wholes[index].Max / step, wholes[index].Last / step, wholes[index].Sum / step);
            if (min == before && max == before) still++;
            else
            {
                moved.Add(new Moved(still, ZigZag.Fold(before - min), (ulong)(max - min), (ulong)(last - min), ZigZag.Fold(sum - MiddleSum(min, max, cells[index].Count))));
                (before, still) = (last, 0);
            }
        }

        int[] plain = [Plain(moved, cell => cell.Still), Plain(moved, cell => cell.Offset), Plain(moved, cell => cell.Range), Plain([.. moved.Where(cell => cell.Range > 0)], cell => cell.Sum)];
        var bits = new BitWriter(output);
        bits.Small((ulong)step - 1, 0);
        foreach (var one in plain) bits.Number((ulong)one, PlainBits);
        foreach (var cell in moved)
        {
            bits.Small(cell.Still, plain[0]);
            bits.Small(cell.Offset, plain[1]);
            bits.Small(cell.Range, plain[2]);
            if (cell.Range == 0) continue;
            WriteLast(ref bits, cell.Last, cell.Range);
            bits.Small(cell.Sum, plain[3]);
        }

        if (still > 0) bits.Small(still, plain[0]);
        bits.Finish();
    }

    // The sum if all values lay in the middle.
    private static long MiddleSum(long min, long max, int count) => ((min + max) * count) >> 1;

    // 0 for the maximum, 1 0 for the minimum, 1 1 for any other; not for a narrow range, where that is no shorter.
    private static void WriteLast(ref BitWriter bits, ulong last, ulong range)
    {
        if (range >= Wide)
        {
            bits.Number(last == range ? 0UL : 1, 1);
            if (last == range) return;
            bits.Number(last == 0 ? 0UL : 1, 1);
            if (last == 0) return;
        }

        bits.Number(last, BitsFor(range));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Last(ref BitReader bits, long range)
    {
        if (range >= Wide)
        {
            if (bits.Number(1) == 0) return range;
            if (bits.Number(1) == 0) return 0;
        }

        return (long)bits.Number(BitsFor((ulong)range));
    }

    private static int BitsFor(ulong most) => 64 - BitOperations.LeadingZeroCount(most);

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
    private readonly record struct Moved(ulong Still, ulong Offset, ulong Range, ulong Last, ulong Sum);
}
