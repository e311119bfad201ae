using System.Buffers.Binary;

namespace HPManager.Drivers.Modbus.Client.Framing;

/// <summary>
/// Serial frames: unit id, protocol data unit, CRC-16 low byte first (Modbus over Serial Line V1.02, section 2.5.1). Nothing
/// on the wire says how long an answer is; it follows from its function and, for reads, from the byte count.
/// </summary>
internal sealed class RtuFraming : IModbusFraming
{
    private const int CrcLength = 2;
    private const int ByteCountAt = 2;
    private const int ShortestAnswer = 1 + ModbusPdu.ExceptionLength + CrcLength;

    public int HeaderLength => 1;

    public bool NumbersAnswers => false;

    public int Seal(Span<byte> frame, byte unit, int pduLength)
    {
        frame[0] = unit;
        var length = HeaderLength + pduLength;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[length..], Crc16.Of(frame[..length]));
        return length + CrcLength;
    }

    public FrameVerdict Judge(ReadOnlySpan<byte> received, ExpectedAnswer expected)
    {
        if (received.Length < ShortestAnswer) return FrameVerdict.Incomplete;
        if (ForeignProtocol.IsText(received)) return FrameVerdict.Wrong(ModbusFault.NotModbus, ForeignProtocol.Describe(received));

        var function = received[1];
        if ((function & ~ModbusPdu.ExceptionBit) != (byte)expected.Function) return FrameVerdict.WrongFunction(expected.Function, function);

        var refused = (function & ModbusPdu.ExceptionBit) != 0;
        if (!refused && expected.Function < ModbusFunction.WriteSingleCoil
            && ModbusPdu.ReadAnswerLength(received[ByteCountAt]) != expected.PduLength)
        {
            return FrameVerdict.Wrong(
                ModbusFault.BadLength,
                $"byte count {received[ByteCountAt]} where the request calls for {expected.PduLength - ModbusPdu.ReadAnswerLength(0)}");
        }

        var pduLength = refused ? ModbusPdu.ExceptionLength : expected.PduLength;
        var whole = HeaderLength + pduLength + CrcLength;
        if (received.Length < whole) return FrameVerdict.Incomplete;

        // The checksum before the unit id: on a disturbed line a wrong unit id is a transmission error, not a stranger.
        var crc = BinaryPrimitives.ReadUInt16LittleEndian(received[(whole - CrcLength)..]);
        var computed = Crc16.Of(received[..(whole - CrcLength)]);
        if (crc != computed) return FrameVerdict.Wrong(ModbusFault.BadCrc, $"checksum {crc:X4}, computed {computed:X4}");
        if (received[0] != expected.Unit) return FrameVerdict.WrongUnit(expected.Unit, received[0]);
        return received.Length > whole
            ? FrameVerdict.Wrong(ModbusFault.BadLength, $"{received.Length - whole} bytes after the end of the answer")
            : FrameVerdict.Whole(pduLength);
    }
}
