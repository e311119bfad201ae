using System.Buffers.Binary;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>
/// Floating-point numbers, bit for bit: as whole numbers where a <see cref="DecimalForm"/> fits all but a few of them, else as what changed since the number before (XOR, as in
/// Gorilla), byte by byte of all numbers, compressed. One user at a time.
/// </summary>
internal sealed class NumberCoding(IntegerCoding integers)
{
    private const byte RawForm = 63;
    private const byte HasExceptions = 64;
    private const int Samples = 24;
    private const int MostExceptionsShare = 16;
    private const int BrotliQuality = 5;

    private readonly List<int> _exceptions = [];
    private long[] _wholes = [];

    /// <summary>Appends the numbers, finite ones only; how many there are is not kept.</summary>
    public void Write(ByteWriter output, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return;
        if (_wholes.Length < values.Length) _wholes = new long[values.Length];
        foreach (var form in DecimalForm.All)
        {
            if (!Fits(form, values)) continue;
            output.Byte((byte)(form.Code | (_exceptions.Count > 0 ? HasExceptions : 0)));
            if (_exceptions.Count > 0) WriteExceptions(output, values);
            integers.Write(output, _wholes.AsSpan(0, values.Length));
            return;
        }

        output.Byte(RawForm);
        WriteRaw(output, values);
    }

    /// <summary>Reads as many numbers as there is room for.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public void Read(ref ByteReader input, Span<double> values)
    {
        if (values.IsEmpty) return;
        var head = input.Byte();
        if (head == RawForm)
        {
            ReadRaw(ref input, values);
            return;
        }

        var form = DecimalForm.Of(head & ~HasExceptions);
        var exceptions = (head & HasExceptions) == 0 ? [] : ReadExceptions(ref input, values.Length);
        if (_wholes.Length < values.Length) _wholes = new long[values.Length];
        var wholes = _wholes.AsSpan(0, values.Length);
        integers.Read(ref input, wholes);
        form.ValuesOf(wholes, values);
        foreach (var (position, value) in exceptions) values[position] = value;
    }

    private bool Fits(DecimalForm form, ReadOnlySpan<double> values)
    {
        _exceptions.Clear();
        var most = values.Length / MostExceptionsShare;
        var misses = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            if (!form.TryWhole(values[(int)((long)sample * values.Length / Samples)], out _)) misses++;
        }

        if (misses > Samples / MostExceptionsShare * 2 || (misses > 0 && most == 0)) return false;
        var last = 0L;
        for (var index = 0; index < values.Length; index++)
        {
            if (form.TryWhole(values[index], out var whole))
            {
                last = _wholes[index] = whole;
                continue;
            }

            if (_exceptions.Count == most) return false;
            _exceptions.Add(index);
            _wholes[index] = last;
        }

        return true;
    }

    private void WriteExceptions(ByteWriter output, ReadOnlySpan<double> values)
    {
        output.Number((ulong)_exceptions.Count);
        foreach (var position in _exceptions)
        {
            output.Number((ulong)position);
            output.Double(values[position]);
        }
    }

    private static (int Position, double Value)[] ReadExceptions(ref ByteReader input, int count)
    {
        var exceptions = new (int, double)[input.Count(count)];
        foreach (ref var exception in exceptions.AsSpan()) exception = (input.Count(count - 1), input.Double());
        return exceptions;
    }

    private static void WriteRaw(ByteWriter output, ReadOnlySpan<double> values)
    {
        var planes = new byte[values.Length * sizeof(double)];
        var last = 0L;
        for (var index = 0; index < values.Length; index++)
        {
            var bits = BitConverter.DoubleToInt64Bits(values[index]);
            var changed = bits ^ last;
            last = bits;
            for (var plane = 0; plane < sizeof(double); plane++) planes[(plane * values.Length) + index] = (byte)(changed >> (plane * 8));
        }

        Packing.Write(output, planes, BrotliQuality);
    }

    private static void ReadRaw(ref ByteReader input, Span<double> values)
    {
        var planes = Packing.Read(ref input, values.Length * sizeof(double));
        if (planes.Length != values.Length * sizeof(double)) throw new DamagedBlockException("it has other numbers than readings");
        var last = 0L;
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        for (var index = 0; index < values.Length; index++)
        {
            for (var plane = 0; plane < sizeof(double); plane++) bytes[plane] = planes[(plane * values.Length) + index];
            last ^= BinaryPrimitives.ReadInt64LittleEndian(bytes);
            values[index] = BitConverter.Int64BitsToDouble(last);
        }
    }
}
