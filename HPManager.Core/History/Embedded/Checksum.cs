using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>CRC-32C of bytes.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var check = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var single in bytes) check = BitOperations.Crc32C(check, single);
        return ~check;
    }

    /// <summary>CRC-32C of numbers.</summary>
    public static uint Of(params ReadOnlySpan<long> numbers) => Of(MemoryMarshal.AsBytes(numbers));

    /// <summary>CRC-32C of a number and a text.</summary>
    public static uint Of(long number, string text) => Of([number, Of(System.Text.Encoding.UTF8.GetBytes(text))]);

    /// <summary>Bytes without the checksum behind them.</summary>
    /// <exception cref="DamagedBlockException">It is wrong.</exception>
    /// <param name="bytes">The bytes.</param>
    /// <param name="belongsTo">What else the checksum covers: where the bytes belong.</param>
    public static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> bytes, uint belongsTo = 0)
    {
        if (bytes.Length < sizeof(uint)) throw new DamagedBlockException("it ends too early");
        var content = bytes[..^sizeof(uint)];
        return (Of(content) ^ belongsTo) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) ? content : throw new DamagedBlockException("its checksum is wrong");
    }
}
