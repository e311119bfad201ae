namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>Frames built a second time, from the specifications and not from the product, so that a shared mistake shows.</summary>
internal static class ModbusFrames
{
    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Tcp(int transaction, byte unit, params byte[] pdu) =>
        [(byte)(transaction >> 8), (byte)transaction, 0, 0, (byte)((pdu.Length + 1) >> 8), (byte)(pdu.Length + 1), unit, .. pdu];

    /// <summary>The proper answer of a device whose registers and bits are given, in the framing of the request.</summary>
    public static byte[] AnswerTcp(byte[] request, params ushort[] words) => Tcp((request[0] << 8) | request[1], request[6], AnswerPdu(request[7..], words));

    public static byte[] AnswerRtu(byte[] request, params ushort[] words) => Rtu(request[0], AnswerPdu(request[1..^2], words));

    public static byte[] Rtu(byte unit, params byte[] pdu) => WithCrc([unit, .. pdu]);

    public static byte[] WithCrc(byte[] frame)
    {
        var crc = Crc(frame);
        return [.. frame, (byte)crc, (byte)(crc >> 8)];
    }

    /// <summary>CRC-16 in its unreflected form (polynomial 0x8005), each byte and the result mirrored: not the way the product computes it.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= Mirror(value, 8) << 8;
            for (var bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x8005 : 0)) & 0xFFFF;
        }

        return (ushort)Mirror(crc, 16);
    }

    private static byte[] AnswerPdu(byte[] request, ushort[] words) => request[0] switch
    {
        1 or 2 => [request[0], (byte)(((request[3] << 8) + request[4] + 7) / 8), .. words.Select(word => (byte)word)],
        3 or 4 => [request[0], (byte)(2 * words.Length), .. words.SelectMany(word => new[] { (byte)(word >> 8), (byte)word })],
        _ => request[..5],
    };

    private static int Mirror(int value, int bits)
    {
        var mirrored = 0;
        for (var bit = 0; bit < bits; bit++) mirrored |= ((value >> bit) & 1) << (bits - 1 - bit);
        return mirrored;
    }
}
