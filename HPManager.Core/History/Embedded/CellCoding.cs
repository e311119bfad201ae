using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>What a sensor's good values of an hour, or of a part of one, come to.</summary>
internal readonly record struct Cell(long Hour, int Count, double Min, double Max, double Last, double Sum);

/// <summary>
/// The cells of one series and segment in bytes: as whole numbers where the series is one of decimals, else as they are; a checksum behind. Sums are exact then. One user at a time.
/// </summary>
internal sealed class CellCoding
{
    public const long HourWidth = 3_600_000;

    private const int MostCells = 1 << 20;
    private const byte NoForm = 63;
    private const double Rounding = 1e-10;

    private readonly ByteWriter _bytes = new();
    private readonly IntegerCoding _integers = new();
    private readonly NumberCoding _numbers;

    public CellCoding() => _numbers = new NumberCoding(_integers);

    /// <summary>The cells of a column, ascending; hours without a good value have none.</summary>
    public static List<Cell> Aggregate(ReadOnlySpan<long> times, SeriesColumn column)
    {
        var cells = new List<Cell>();
        for (var poll = 0; poll < times.Length; poll++)
        {
            if (column.States[poll] != ReadingState.Good) continue;
            var value = column.Values[poll];
            var hour = HourOf(times[poll]);
            if (cells.Count == 0 || cells[^1].Hour != hour) cells.Add(new Cell(hour, 1, value, value, value, value));
            else
            {
                var cell = cells[^1];
                cells[^1] = new Cell(hour, cell.Count + 1, Math.Min(cell.Min, value), Math.Max(cell.Max, value), value, cell.Sum + value);
            }
        }

        return cells;
    }

    public byte[] Write(long series, long first, IReadOnlyList<Cell> cells, DecimalForm? form)
    {
        _bytes.Clear();
        _bytes.Number((ulong)cells.Count);
        var isWhole = form is { } known && TryWriteWhole(cells, known);
        if (!isWhole) WriteRaw(cells);
        _bytes.UInt32(Checksum.Of(_bytes.Written) ^ Checksum.Of(series, first));
        return _bytes.Written.ToArray();
    }

    /// <summary>Reads the cells.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public Cell[] Read(long series, long first, ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(Checksum.Checked(bytes, Checksum.Of(series, first)));
        var cells = new Cell[input.Count(MostCells)];
        var head = input.Byte();
        var (hours, counts) = (Whole(ref input, cells.Length), Whole(ref input, cells.Length));
        if (head == NoForm)
        {
            var (min, max, last, sum) = (Numbers(ref input, cells.Length), Numbers(ref input, cells.Length), Numbers(ref input, cells.Length), Numbers(ref input, cells.Length));
            for (var index = 0; index < cells.Length; index++) cells[index] = new Cell(hours[index], (int)counts[index], min[index], max[index], last[index], sum[index]);
            return cells;
        }

        var form = DecimalForm.Of(head);
        var (least, range, final) = (Whole(ref input, cells.Length), Whole(ref input, cells.Length), Whole(ref input, cells.Length));
        var rest = form.HoldsSums ? Whole(ref input, cells.Length) : [];
        var sums = form.HoldsSums ? [] : Numbers(ref input, cells.Length);
        for (var index = 0; index < cells.Length; index++)
        {
            cells[index] = new Cell(
                hours[index],
                (int)counts[index],
                form.ValueOf(least[index]),
                form.ValueOf(least[index] + range[index]),
                form.ValueOf(least[index] + final[index]),
                form.HoldsSums ? form.ValueOf((least[index] * counts[index]) + rest[index]) : sums[index]);
        }

        return cells;
    }

    public static long HourOf(long time) => Math.DivRem(time, HourWidth) is var (hour, rest) && rest < 0 ? hour - 1 : time / HourWidth;

    private bool TryWriteWhole(IReadOnlyList<Cell> cells, DecimalForm form)
    {
        var (least, range, final, rest) = (new long[cells.Count], new long[cells.Count], new long[cells.Count], new long[cells.Count]);
        for (var index = 0; index < cells.Count; index++)
        {
            var cell = cells[index];
            var isWhole = form.TryWhole(cell.Min, out least[index]) & form.TryWhole(cell.Max, out var max) & form.TryWhole(cell.Last, out var last);

            // The sum of what was read is a sum of whole numbers; what floating point added to it is taken away again.
            form.TryWhole(cell.Sum, out var sum);
            if (!isWhole || (form.HoldsSums && Math.Abs(form.ValueOf(sum) - cell.Sum) > Math.Abs(cell.Sum) * Rounding)) return false;
            (range[index], final[index], rest[index]) = (max - least[index], last - least[index], sum - (least[index] * cell.Count));
        }

        _bytes.Byte(form.Code);
        WriteHours(cells);
        _integers.Write(_bytes, least);
        _integers.Write(_bytes, range);
        _integers.Write(_bytes, final);
        if (form.HoldsSums) _integers.Write(_bytes, rest);
        else _numbers.Write(_bytes, cells.Select(cell => cell.Sum).ToArray());
        return true;
    }

    private void WriteRaw(IReadOnlyList<Cell> cells)
    {
        _bytes.Byte(NoForm);
        WriteHours(cells);
        _numbers.Write(_bytes, cells.Select(cell => cell.Min).ToArray());
        _numbers.Write(_bytes, cells.Select(cell => cell.Max).ToArray());
        _numbers.Write(_bytes, cells.Select(cell => cell.Last).ToArray());
        _numbers.Write(_bytes, cells.Select(cell => cell.Sum).ToArray());
    }

    private void WriteHours(IReadOnlyList<Cell> cells)
    {
        _integers.Write(_bytes, cells.Select(cell => cell.Hour).ToArray());
        _integers.Write(_bytes, cells.Select(cell => (long)cell.Count).ToArray());
    }

    private long[] Whole(ref ByteReader input, int count)
    {
        var values = new long[count];
        _integers.Read(ref input, values);
        return values;
    }

    private double[] Numbers(ref ByteReader input, int count)
    {
        var values = new double[count];
        _numbers.Read(ref input, values);
        return values;
    }
}
