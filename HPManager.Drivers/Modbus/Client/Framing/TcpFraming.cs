using System.Buffers.Binary;

namespace HPManager.Drivers.Modbus.Client.Framing;

/// <summary>
/// Modbus TCP: transaction id, protocol id 0, length, unit id (Modbus Messaging on TCP/IP Implementation Guide V1.0b,
/// section 3.1.3), all big-endian.
/// </summary>
internal sealed class TcpFraming : IModbusFraming
{
    private const int UnitAt = 6;
    private const int FunctionAt = 7;

    /// <summary>The bytes that the length field does not count: transaction id, protocol id, the length itself.</summary>
    private const int Uncounted = 6;

    private const int LeastCounted = 1 + ModbusPdu.ExceptionLength;
    private const int MostCounted = 1 + ModbusPdu.MaxLength;

    /// <summary>Goes on across connections, so that not even an answer that a gateway hands to the wrong connection fits.</summary>
    public ushort NextTransaction { get; set; } = 1;

    public int HeaderLength => 7;

    public bool NumbersAnswers => true;

    private ushort Transaction { get; set; }

    public int Seal(Span<byte> frame, byte unit, int pduLength)
    {
        Transaction = NextTransaction;
        NextTransaction = unchecked((ushort)(NextTransaction + 1));
        BinaryPrimitives.WriteUInt16BigEndian(frame, Transaction);
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(1 + pduLength));
        frame[UnitAt] = unit;
        return HeaderLength + pduLength;
    }

    public FrameVerdict Judge(ReadOnlySpan<byte> received, ExpectedAnswer expected)
    {
        // The protocol id first, and as soon as it is there: another protocol may never send enough for a whole header.
        if (received.Length >= 4 && (received[2] | received[3]) != 0)
            return FrameVerdict.Wrong(ModbusFault.NotModbus, ForeignProtocol.Describe(received));
        if (received.Length < Uncounted + LeastCounted) return FrameVerdict.Incomplete;

        int counted = BinaryPrimitives.ReadUInt16BigEndian(received[4..]);
        if (counted is < LeastCounted or > MostCounted)
            return FrameVerdict.Wrong(ModbusFault.BadLength, $"length field {counted}, allowed are {LeastCounted} to {MostCounted}");

        var transaction = BinaryPrimitives.ReadUInt16BigEndian(received);
        if (transaction != Transaction)
            return FrameVerdict.Wrong(ModbusFault.WrongTransaction, $"asked with transaction {Transaction}, answered was {transaction}");
        if (received[UnitAt] != expected.Unit) return FrameVerdict.WrongUnit(expected.Unit, received[UnitAt]);

        var function = received[FunctionAt];
        if ((function & ~ModbusPdu.ExceptionBit) != (byte)expected.Function) return FrameVerdict.WrongFunction(expected.Function, function);

        var pduLength = (function & ModbusPdu.ExceptionBit) != 0 ? ModbusPdu.ExceptionLength : expected.PduLength;
        if (counted != 1 + pduLength)
            return FrameVerdict.Wrong(ModbusFault.BadLength, $"length field {counted} where the request calls for {1 + pduLength}");

        var whole = Uncounted + counted;
        if (received.Length > whole)
            return FrameVerdict.Wrong(ModbusFault.BadLength, $"{received.Length - whole} bytes after the end of the answer");
        return received.Length < whole ? FrameVerdict.Incomplete : FrameVerdict.Whole(pduLength);
    }
}
