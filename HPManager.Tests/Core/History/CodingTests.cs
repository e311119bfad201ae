using FsCheck;
using FsCheck.Fluent;
using HPManager.Core.History.Embedded;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Tests.Core.History;

/// <summary>Whatever is coded comes back bit for bit; and what a heat pump tells takes few bytes.</summary>
public sealed class CodingTests
{
    private const byte Good = ReadingState.Good;
    private const byte Missing = 1;

    private static readonly Gen<long[]> Wholes =
        from shape in Gen.Choose(0, 6)
        from count in Gen.Choose(0, 700)
        from seed in Gen.Choose(0, int.MaxValue)
        select WholesOf(shape, count, new Random(seed));

    private static readonly Gen<double[]> Numbers =
        from shape in Gen.Choose(0, 8)
        from count in Gen.Choose(0, 700)
        from seed in Gen.Choose(0, int.MaxValue)
        select NumbersOf(shape, count, new Random(seed));

    [Fact]
    public void Integers_AnySequence_ComesBack()
    {
        var coding = new IntegerCoding();
        foreach (var values in Wholes.Sample(60, 1000))
        {
            var bytes = new ByteWriter();
            coding.Write(bytes, values);
            bytes.Byte(0xA5);

            var input = new ByteReader(bytes.Written);
            var back = new long[values.Length];
            coding.Read(ref input, back);

            Assert.Equal(values, back);
            Assert.Equal(0xA5, input.Byte());
        }
    }

    [Fact]
    public void Columns_AnyReadings_ComeBackBitForBit()
    {
        var coding = new ColumnCoding();
        var random = new Random(3);
        foreach (var values in Numbers.Sample(60, 1000).Where(values => values.Length > 0))
        {
            var column = ColumnOf(values, random);
            var bytes = new ByteWriter();
            coding.Write(bytes, column);

            var input = new ByteReader(bytes.Written);
            var back = coding.Read(ref input, 7, values.Length);

            Assert.Equal(0, input.Remaining);
            Assert.Equal(column.States, back.States);
            for (var poll = 0; poll < values.Length; poll++)
            {
                if (ReadingState.HoldsValue(column.States[poll]))
                    Assert.Equal(BitConverter.DoubleToInt64Bits(values[poll]), BitConverter.DoubleToInt64Bits(back.Values[poll]));
                if (ReadingState.HoldsText(column.States[poll])) Assert.Equal(column.Texts![poll], back.Texts![poll]);
            }
        }
    }

    [Fact]
    public void Columns_BytesChangedOrCut_AreRefusedOrDecodeButNeverCrash()
    {
        var coding = new ColumnCoding();
        var random = new Random(17);
        foreach (var values in Numbers.Sample(60, 400).Where(values => values.Length > 0))
        {
            var bytes = new ByteWriter();
            coding.Write(bytes, ColumnOf(values, random));
            var damaged = bytes.Written.ToArray();
            for (var times = random.Next(1, 4); times > 0; times--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(2) == 0) damaged = damaged[..random.Next(damaged.Length)];
            try
            {
                var input = new ByteReader(damaged);
                coding.Read(ref input, 7, values.Length);
            }
            catch (DamagedBlockException)
            {
                // What it is for.
            }
        }
    }

    [Theory]
    [InlineData("a set-point that never changes", 0.01)]
    [InlineData("a temperature that drifts by tenths", 0.35)]
    [InlineData("a counter", 0.3)]
    [InlineData("a switch", 0.05)]
    public void Columns_WhatHeatPumpsTell_TakeAFractionOfAByte(string what, double most)
    {
        var random = new Random(5);
        var value = 350.0;
        var values = Enumerable.Range(0, 8192).Select(poll => what switch
        {
            "a set-point that never changes" => 48.5,
            "a temperature that drifts by tenths" => (value += random.Next(6) == 0 ? random.Next(3) - 1 : 0) / 10,
            "a counter" => Math.Round((value += random.Next(10) == 0 ? 1 : 0) / 10, 1),
            _ => poll / 700 % 2,
        }).ToArray();
        var bytes = new ByteWriter();

        new ColumnCoding().Write(bytes, new SeriesColumn(1, values, [.. values.Select(_ => Good)], null));

        Assert.InRange(bytes.Length / 8192.0, 0, most);
    }

    [Fact]
    public void Cells_AnyColumn_EqualTheNaiveAggregateOfEachHour()
    {
        var coding = new CellCoding();
        var random = new Random(23);
        foreach (var values in Numbers.Sample(60, 500).Where(values => values.Length > 0))
        {
            var column = ColumnOf([.. values.Select(value => Math.Abs(value) > 1e100 ? value / 1e200 : value)], random);
            var at = random.NextInt64(-10_000_000_000, 10_000_000_000);
            var times = values.Select(_ => at += random.Next(1, 900_000)).ToArray();

            var bytes = coding.Write(3, times[0], new PollColumns(times, times, [column]));
            var cells = Read(coding, coding.Open(3, times[0], bytes), 7);

            var expected = times.Select((time, poll) => (Hour: (long)Math.Floor(time / 3_600_000.0), poll))
                .Where(one => column.States[one.poll] == Good)
                .GroupBy(one => one.Hour, one => column.Values[one.poll])
                .ToList();
            Assert.Equal(expected.Select(hour => (hour.Key, hour.Count(), hour.Min(), hour.Max(), hour.Last())), cells.Select(cell => (cell.Hour, cell.Count, cell.Min, cell.Max, cell.Last)));
            Assert.All(expected.Zip(cells), pair => Assert.Equal(pair.First.Sum(), pair.Second.Sum, pair.First.Sum(Math.Abs) * 1e-9));
        }
    }

    [Fact]
    public void Cells_ManySeriesOfOneSegment_EachComesBackByItself()
    {
        var coding = new CellCoding();
        var random = new Random(29);
        for (var round = 0; round < 100; round++)
        {
            var polls = random.Next(1, 400);
            var at = random.NextInt64(-10_000_000_000, 10_000_000_000);
            var times = Enumerable.Range(0, polls).Select(_ => at += random.Next(1, 2_000_000)).ToArray();
            var columns = Enumerable.Range(0, random.Next(1, 9)).Select(series => ColumnOf(NumbersOf(random.Next(3) == 0 ? 5 : random.Next(2), polls, random), random) with { Series = series * 3 }).ToList();

            var block = coding.Open(1, times[0], coding.Write(1, times[0], new PollColumns(times, times, columns)));

            foreach (var column in columns)
            {
                var expected = Cell.Aggregate(times, column);
                var cells = Read(coding, block, column.Series);
                Assert.Equal(expected.Select(cell => cell with { Sum = 0 }), cells.Select(cell => cell with { Sum = 0 }));
                Assert.All(expected.Zip(cells), pair => Assert.Equal(pair.First.Sum, pair.Second.Sum, pair.First.Count * 1e-9));
            }

            Assert.Equal(0, Read(coding, block, 1).Count);
        }
    }

    [Fact]
    public void Cells_OfDecimals_HaveTheSumThatNoRoundingTouched()
    {
        var values = Enumerable.Range(0, 3_000).Select(poll => poll % 7 / 10.0).ToArray();
        var times = values.Select((_, poll) => poll * 1_000L).ToArray();
        var coding = new CellCoding();

        var block = coding.Open(1, 0, coding.Write(1, 0, new PollColumns(times, times, [new SeriesColumn(4, values, [.. values.Select(_ => Good)], null)])));

        Assert.Equal(values.Sum(value => (decimal)value), (decimal)Assert.Single(Read(coding, block, 4)).Sum);
    }

    [Fact]
    public void Cells_ReadIntoTheSameRoom_AreThoseOfTheLastRead()
    {
        var coding = new CellCoding();
        var times = Enumerable.Range(0, 60).Select(poll => poll * 600_000L).ToArray();
        SeriesColumn[] columns =
        [
            new SeriesColumn(1, [.. times.Select(time => time / 600_000.0)], [.. times.Select(_ => Good)], null),
            new SeriesColumn(2, new double[60], [.. times.Select((_, poll) => poll < 6 ? Good : ReadingState.Absent)], null),
        ];
        var block = coding.Open(1, 0, coding.Write(1, 0, new PollColumns(times, times, columns)));
        Cell[] room = [];

        var wide = coding.Read(block, 1, ref room);
        Assert.Equal(10, wide.Count);
        var roomOfTheFirst = room;
        var narrow = coding.Read(block, 2, ref room);

        Assert.Same(roomOfTheFirst, room);
        Assert.Equal(new Cell(0, 6, 0, 0, 0, 0), Assert.Single(narrow));
    }

    [Fact]
    public void Cells_AnyBitFlippedOrOfAnotherSegment_AreRefused()
    {
        var random = new Random(31);
        var values = NumbersOf(0, 300, random);
        var times = values.Select((_, poll) => poll * 60_000L).ToArray();
        var coding = new CellCoding();
        var bytes = coding.Write(1, 0, new PollColumns(times, times, [ColumnOf(values, random)]));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<DamagedBlockException>(() => coding.Open(1, 0, damaged));
        }

        Assert.Throws<DamagedBlockException>(() => coding.Open(2, 0, bytes));
        Assert.Throws<DamagedBlockException>(() => coding.Open(1, 1, bytes));
    }

    [Fact]
    public void Bits_NumbersOfAnyWidth_ComeBackAndNothingBehindTheEnd()
    {
        var random = new Random(37);
        var numbers = Enumerable.Range(0, 5_000).Select(_ => (Value: (ulong)random.NextInt64() >> random.Next(8, 64), Plain: random.Next(33), IsSmall: random.Next(2) == 0)).ToList();
        var bytes = new ByteWriter();
        var writer = new BitWriter(bytes);
        foreach (var (value, plain, isSmall) in numbers)
        {
            if (isSmall) writer.Small(value, plain);
            else writer.Number(value, BitWriter.Most);
        }

        writer.Finish();
        var reader = new BitReader(bytes.Written);
        foreach (var (value, plain, isSmall) in numbers) Assert.Equal(value, isSmall ? reader.Small(plain) : reader.Number(BitWriter.Most));
        var behind = 0UL;
        try
        {
            behind = reader.Number(8) + reader.Number(8);
            Assert.Fail($"{behind} is read behind the end");
        }
        catch (DamagedBlockException)
        {
            // What it is for.
        }
    }

    private static ArraySegment<Cell> Read(CellCoding coding, CellBlock block, long series)
    {
        Cell[] room = [];
        return coding.Read(block, series, ref room);
    }

    private static SeriesColumn ColumnOf(double[] values, Random random)
    {
        var kind = random.Next(4);
        var states = new byte[values.Length];
        string?[]? texts = null;
        for (var poll = 0; poll < states.Length; poll++)
        {
            states[poll] = kind == 0 ? Good : (byte)(random.Next(8) switch
            {
                0 => ReadingState.Absent,
                1 => Missing,
                2 => 4 | ReadingState.HasValue,
                3 when kind == 3 => 2 | ReadingState.HasText,
                _ => Good,
            });
            if (ReadingState.HoldsText(states[poll])) (texts ??= new string?[states.Length])[poll] = $"störung {random.Next(5)}\n\0";
        }

        return new SeriesColumn(7, values, states, texts);
    }

    private static long[] WholesOf(int shape, int count, Random random)
    {
        var value = random.NextInt64(-1_000_000, 1_000_000);
        return [.. Enumerable.Range(0, count).Select(index => shape switch
        {
            0 => 42,
            1 => value += 30_000,
            2 => value += random.Next(-3, 4),
            3 => random.NextInt64(-(1L << 58), 1L << 58),
            4 => value += random.Next(50) == 0 ? 5 * random.Next(-100, 100) : 0,
            5 => value += 10_000 + (random.Next(9) == 0 ? random.Next(2_000) : 0),
            _ => random.Next(2),
        })];
    }

    private static double[] NumbersOf(int shape, int count, Random random)
    {
        var value = random.Next(-1000, 1000);
        return [.. Enumerable.Range(0, count).Select(_ => shape switch
        {
            0 => (value += random.Next(-2, 3)) / 10.0,
            1 => (value += random.Next(-2, 3)) * 0.1,
            2 => (float)((value += random.Next(-20, 21)) / 100.0),
            3 => Finite(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
            4 => random.Next(30) == 0 ? random.NextDouble() : value / 100.0,
            5 => random.NextDouble(),
            6 => random.Next(4) switch { 0 => -0.0, 1 => double.Epsilon, 2 => double.MaxValue, _ => 1e15 },
            7 => value * 1e6,
            _ => random.Next(2),
        })];
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : -0.0;
}
