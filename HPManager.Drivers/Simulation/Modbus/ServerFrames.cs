using System.Buffers.Binary;

namespace HPManager.Drivers.Simulation.Modbus;

/// <summary>
/// Frames as a server sees them. Written on its own, without the client's code, so that a mistake there is found here.
/// </summary>
internal static class ServerFrames
{
    public const int TcpHeader = 7;
    public const int MaxFrame = 260;

    /// <summary>Length of the whole request, as far as the bytes tell; 0 when they do not tell yet, -1 when they are no request.</summary>
    public static int RequestLength(ReadOnlySpan<byte> bytes, bool serial)
    {
        if (!serial)
        {
            if (bytes.Length < 6) return 0;
            var rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
            return bytes[2] != 0 || bytes[3] != 0 || rest is < 2 or > 254 ? -1 : 6 + rest;
        }

        if (bytes.Length < 2) return 0;
        if (bytes[1] is >= 1 and <= 6) return 8;
        if (bytes[1] is not (15 or 16)) return -1;
        return bytes.Length < 7 ? 0 : 9 + bytes[6];
    }

    /// <summary>Wraps an answer PDU for the request it answers.</summary>
    /// <returns>Length of the frame.</returns>
    public static int Wrap(ReadOnlySpan<byte> request, ReadOnlySpan<byte> pdu, bool serial, Span<byte> frame)
    {
        if (serial)
        {
            frame[0] = request[0];
            pdu.CopyTo(frame[1..]);
            BinaryPrimitives.WriteUInt16LittleEndian(frame[(1 + pdu.Length)..], Checksum(frame[..(1 + pdu.Length)]));
            return pdu.Length + 3;
        }

        request[..4].CopyTo(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(pdu.Length + 1));
        frame[6] = request[6];
        pdu.CopyTo(frame[TcpHeader..]);
        return TcpHeader + pdu.Length;
    }

    /// <summary>Whether a serial request's checksum is right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16LittleEndian(frame[^2..]) == Checksum(frame[..^2]);

    // Bit by bit, as the specification of the serial line draws it.
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }
}
