using System.Buffers.Binary;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Nothing is read behind the end, whatever the bytes are.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Raw(1)[0];

    public ReadOnlySpan<byte> Raw(int count)
    {
        if ((uint)count > (uint)_rest.Length) throw new DamagedBlockException("it ends too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(sizeof(uint)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Raw(sizeof(double)));

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw new DamagedBlockException("a number has no end");
    }

    /// <summary>A number that counts or measures something in memory.</summary>
    public int Count(int most)
    {
        var value = Number();
        return value <= (ulong)most ? (int)value : throw new DamagedBlockException($"{value} is more than the {most} possible");
    }

    public long Signed() => ZigZag.Unfold(Number());

    public string Text() => System.Text.Encoding.UTF8.GetString(Raw(Count(Remaining)));
}

/// <summary>Bytes are not what was written.</summary>
internal sealed class DamagedBlockException(string reason) : Exception(reason);
