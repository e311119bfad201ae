using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>Numbers of any width behind each other, the lowest bit first. One user at a time.</summary>
internal ref struct BitWriter(ByteWriter output)
{
    /// <summary>Most bits of one number.</summary>
    public const int Most = 56;

    private ulong _held;
    private int _count;

    public void Number(ulong value, int bits)
    {
        _held |= value << _count;
        _count += bits;
        for (; _count >= 8; _count -= 8, _held >>= 8) output.Byte((byte)_held);
    }

    /// <summary>A number, small ones in few bits: an Exp-Golomb code (Teuhola 1978) whose lowest <paramref name="plain"/> bits stand as they are.</summary>
    public void Small(ulong value, int plain)
    {
        var upper = (value >> plain) + 1;
        var length = BitOperations.Log2(upper);
        Number(1UL << length, length + 1);
        Number(upper & BitReader.Mask(length), length);
        Number(value & BitReader.Mask(plain), plain);
    }

    /// <summary>Fills the last byte up.</summary>
    public void Finish()
    {
        if (_count > 0) output.Byte((byte)_held);
        (_held, _count) = (0, 0);
    }
}

/// <summary>Reads what <see cref="BitWriter"/> wrote. Nothing is read behind the end, whatever the bytes are.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public static ulong Mask(int bits) => (1UL << bits) - 1;

    /// <summary>How many bits <see cref="BitWriter.Small"/> takes.</summary>
    public static int LengthOfSmall(ulong value, int plain) => (2 * BitOperations.Log2((value >> plain) + 1)) + 1 + plain;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Number(int bits)
    {
        var found = Ahead() & Mask(bits);
        Step(bits);
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Small(int plain)
    {
        var ahead = Ahead();
        var length = BitOperations.TrailingZeroCount(ahead);
        var bits = (2 * length) + 1 + plain;
        if (bits <= BitWriter.Most)
        {
            // The usual case, of one look at the bytes.
            Step(bits);
            var number = ((1UL << length) | ((ahead >> (length + 1)) & Mask(length))) - 1;
            return (number << plain) | ((ahead >> (bits - plain)) & Mask(plain));
        }

        if (length >= BitWriter.Most) throw new DamagedBlockException("a number has no end");
        Step(length + 1);
        var upper = (1UL << length) | Number(length);
        return ((upper - 1) << plain) | Number(plain);
    }

    // At least 57 bits; zeros behind the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Ahead()
    {
        var rest = _bytes[(_position >> 3)..];
        return (rest.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(rest) : Last(rest)) >> (_position & 7);
    }

    private static ulong Last(ReadOnlySpan<byte> rest)
    {
        var word = 0UL;
        for (var index = rest.Length - 1; index >= 0; index--) word = (word << 8) | rest[index];
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step(int bits)
    {
        _position += bits;
        if (_position > _bytes.Length * 8) throw new DamagedBlockException("it ends too early");
    }
}
