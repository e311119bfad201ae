using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>A segment's cells, of which single series can be read: the hours that have polls, how many, and where each series lies.</summary>
internal sealed record CellBlock(long[] Hours, int[] Polls, long[] Series, int[] Ends, ReadOnlyMemory<byte> Columns);

/// <summary>
/// The cells of a segment in bytes: the hours and how many polls each has, once for all; then series by series; a checksum behind. A series whose values are decimals is kept by
/// <see cref="WholeCells"/>, any other as its numbers are. Sums of decimals are exact. One user at a time.
/// </summary>
internal sealed class CellCoding
{
    private const int MostCells = 1 << 20;
    private const int MostSeries = 100_000;
    private const byte NoForm = 63;
    private const byte OwnHours = 64;

    private readonly ByteWriter _bytes = new();
    private readonly ByteWriter _columns = new();
    private readonly IntegerCoding _integers = new();
    private readonly NumberCoding _numbers;
    private long[] _wholes = [];

    public CellCoding() => _numbers = new NumberCoding(_integers);

    /// <summary>The cells of polls.</summary>
    public byte[] Write(long pump, long first, PollColumns polls)
    {
        _bytes.Clear();
        _columns.Clear();
        var (hours, counts) = HoursOf(polls.Times);
        var (series, lengths) = (new List<long>(), new List<long>());
        foreach (var column in polls.Series)
        {
            var begin = _columns.Length;
            WriteColumn(polls.Times, column, hours, counts);
            if (_columns.Length == begin) continue;
            series.Add(column.Series);
            lengths.Add(_columns.Length - begin);
        }

        WriteNumbers(_bytes, hours);
        WriteNumbers(_bytes, counts);
        WriteNumbers(_bytes, series);
        _integers.Write(_bytes, lengths.ToArray());
        _bytes.Raw(_columns.Written);
        _bytes.UInt32(Checksum.Of(_bytes.Written) ^ Checksum.Of(pump, first));
        return _bytes.Written.ToArray();
    }

    /// <summary>Opens the cells of a segment. The block reads on in the bytes given.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public CellBlock Open(long pump, long first, ReadOnlyMemory<byte> bytes)
    {
        var input = new ByteReader(Checksum.Checked(bytes.Span, Checksum.Of(pump, first)));
        var hours = ReadNumbers(ref input, MostCells);
        var counts = ReadNumbers(ref input, MostCells);
        var series = ReadNumbers(ref input, MostSeries);
        var lengths = new long[series.Length];
        _integers.Read(ref input, lengths);
        var ends = new int[lengths.Length];
        var end = 0L;
        for (var index = 0; index < ends.Length; index++)
        {
            end += lengths[index];
            ends[index] = lengths[index] >= 0 && end <= input.Remaining ? (int)end : throw new DamagedBlockException("it ends too early");
        }

        if (counts.Length != hours.Length) throw new DamagedBlockException("its hours have no polls");
        return new CellBlock(hours, Array.ConvertAll(counts, count => (int)count), series, ends, bytes.Slice(bytes.Length - sizeof(uint) - input.Remaining, input.Remaining));
    }

    /// <summary>The cells of a series; none when it has no good value.</summary>
    /// <param name="block">The segment's.</param>
    /// <param name="series">The series.</param>
    /// <param name="room">Where they are put; a larger one when it does not suffice.</param>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public ArraySegment<Cell> Read(CellBlock block, long series, ref Cell[] room)
    {
        var index = Array.IndexOf(block.Series, series);
        if (index < 0) return [];
        var input = new ByteReader(block.Columns.Span[(index == 0 ? 0 : block.Ends[index - 1])..block.Ends[index]]);
        var head = input.Byte();
        var (hours, counts) = (head & OwnHours) == 0 ? (block.Hours, block.Polls) : ReadOwnHours(ref input);
        if (room.Length < hours.Length) room = new Cell[hours.Length];
        var cells = new ArraySegment<Cell>(room, 0, hours.Length);
        if ((head & ~OwnHours) == NoForm) ReadRaw(ref input, hours, counts, cells);
        else WholeCells.Read(ref input, DecimalForm.Of(head & ~OwnHours), hours, counts, cells);
        return cells;
    }

    private static (long[] Hours, long[] Counts) HoursOf(long[] times)
    {
        var counts = times.CountBy(Cell.HourOf).ToList();
        return ([.. counts.Select(hour => hour.Key)], [.. counts.Select(hour => (long)hour.Value)]);
    }

    private void WriteColumn(long[] times, SeriesColumn column, long[] hours, long[] counts)
    {
        var form = FormOf(column);
        var cells = form is { } known ? WholeCells.Of(times, column, _wholes, known) : Cell.Aggregate(times, column);
        if (cells.Count == 0) return;
        var isShared = cells.Count == hours.Length && cells.Select((cell, index) => cell.Count == counts[index]).All(isSame => isSame);
        var head = _columns.Length;
        _columns.Byte(0);
        if (!isShared)
        {
            WriteNumbers(_columns, [.. cells.Select(cell => cell.Hour)]);
            _integers.Write(_columns, cells.Select(cell => (long)cell.Count).ToArray());
        }

        var isWhole = form is { } whole && WholeCells.TryWrite(_columns, cells, whole);
        if (!isWhole) WriteRaw(cells);
        _columns.Set(head, (byte)((isWhole ? form!.Value.Code : NoForm) | (isShared ? 0 : OwnHours)));
    }

    // The form that holds all good values and their sums; null when there is none.
    private DecimalForm? FormOf(SeriesColumn column)
    {
        if (_wholes.Length < column.Values.Length) _wholes = new long[column.Values.Length];
        foreach (var form in DecimalForm.All)
        {
            if (form.HoldsSums && Fits(form, column)) return form;
        }

        return null;
    }

    private bool Fits(DecimalForm form, SeriesColumn column)
    {
        for (var poll = 0; poll < column.Values.Length; poll++)
        {
            if (column.States[poll] == ReadingState.Good && !form.TryWhole(column.Values[poll], out _wholes[poll])) return false;
        }

        return true;
    }

    private void WriteRaw(List<Cell> cells)
    {
        _numbers.Write(_columns, cells.Select(cell => cell.Min).ToArray());
        _numbers.Write(_columns, cells.Select(cell => cell.Max).ToArray());
        _numbers.Write(_columns, cells.Select(cell => cell.Last).ToArray());
        _numbers.Write(_columns, cells.Select(cell => cell.Sum).ToArray());
    }

    private void ReadRaw(ref ByteReader input, long[] hours, int[] counts, Span<Cell> cells)
    {
        var values = new double[4][];
        for (var index = 0; index < values.Length; index++) _numbers.Read(ref input, values[index] = new double[cells.Length]);
        for (var index = 0; index < cells.Length; index++)
            cells[index] = new Cell(hours[index], counts[index], values[0][index], values[1][index], values[2][index], values[3][index]);
    }

    private (long[] Hours, int[] Counts) ReadOwnHours(ref ByteReader input)
    {
        var hours = ReadNumbers(ref input, MostCells);
        var counts = new long[hours.Length];
        _integers.Read(ref input, counts);
        return (hours, Array.ConvertAll(counts, count => (int)count));
    }

    private void WriteNumbers(ByteWriter output, IReadOnlyCollection<long> numbers)
    {
        output.Number((ulong)numbers.Count);
        _integers.Write(output, numbers.ToArray());
    }

    private long[] ReadNumbers(ref ByteReader input, int most)
    {
        var numbers = new long[input.Count(most)];
        _integers.Read(ref input, numbers);
        return numbers;
    }
}
