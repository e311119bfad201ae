using System.Buffers.Binary;
using System.Numerics;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>Bytes that grow: little-endian, whole numbers as LEB128 (seven bits a byte), signed ones in zigzag form. One user at a time.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        if (Length == _bytes.Length) Array.Resize(ref _bytes, Length * 2);
        _bytes[Length++] = value;
    }

    /// <summary>Another byte in the place of one that is written.</summary>
    public void Set(int position, byte value) => _bytes[position] = value;

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), value);
        Length += sizeof(uint);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Room(sizeof(double)), value);
        Length += sizeof(double);
    }

    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Signed(long value) => Number(ZigZag.Fold(value));

    public void Text(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Number((ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>Room for so many bytes behind what is written; call <see cref="Advance"/> for those that were used.</summary>
    public Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes) Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + bytes)));
        return _bytes.AsSpan(Length, bytes);
    }

    public void Advance(int bytes) => Length += bytes;
}

/// <summary>Small numbers of either sign as small numbers without one: 0, -1, 1, -2 … become 0, 1, 2, 3 …</summary>
internal static class ZigZag
{
    public static ulong Fold(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unfold(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
