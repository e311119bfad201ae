using System.IO.Compression;
using System.Numerics;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>Bytes compressed by Brotli (RFC 7932), with their lengths before and after.</summary>
internal static class Packing
{
    private const int SmallestWindow = 10;
    private const int LargestWindow = 18;

    public static void Write(ByteWriter output, ReadOnlySpan<byte> bytes, int quality)
    {
        // The encoder takes room by its window: one that is larger than what there is costs time only.
        var window = Math.Clamp(BitOperations.Log2((uint)bytes.Length) + 1, SmallestWindow, LargestWindow);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        if (!BrotliEncoder.TryCompress(bytes, packed, out var length, quality, window)) throw new InvalidOperationException("Brotli has no room.");
        output.Number((ulong)bytes.Length);
        output.Number((ulong)length);
        output.Raw(packed.AsSpan(0, length));
    }

    /// <summary>What was written, at most so many bytes.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public static byte[] Read(ref ByteReader input, int most)
    {
        var bytes = new byte[input.Count(most)];
        var packed = input.Raw(input.Count(input.Remaining));
        if (!BrotliDecoder.TryDecompress(packed, bytes, out var length) || length != bytes.Length) throw new DamagedBlockException("it cannot be unpacked");
        return bytes;
    }

    /// <summary>Steps over packed bytes.</summary>
    /// <returns>They themselves, with their lengths.</returns>
    public static ReadOnlySpan<byte> Skip(ref ByteReader input)
    {
        var all = input.Rest;
        input.Number();
        input.Raw(input.Count(input.Remaining));
        return all[..^input.Remaining];
    }
}
