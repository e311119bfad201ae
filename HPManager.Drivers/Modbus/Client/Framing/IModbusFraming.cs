using System.Runtime.InteropServices;

namespace HPManager.Drivers.Modbus.Client.Framing;

/// <summary>What the answer to a request must look like if it is not a refusal.</summary>
/// <param name="Unit">The unit id asked.</param>
/// <param name="Function">The function asked.</param>
/// <param name="PduLength">Length of the answer's protocol data unit in bytes; follows from the request alone.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExpectedAnswer(byte Unit, ModbusFunction Function, int PduLength);

/// <summary>
/// What surrounds a protocol data unit on the wire. The seam between Modbus TCP and serial frames. Holds no connection and
/// does no I/O; not thread-safe.
/// </summary>
internal interface IModbusFraming
{
    /// <summary>Bytes in front of the protocol data unit, for requests and answers alike.</summary>
    int HeaderLength { get; }

    /// <summary>
    /// An answer says which request it belongs to. Where it does not, a line must have fallen silent after a failure before
    /// the next request, because a gateway may deliver the late answer to a new connection.
    /// </summary>
    bool NumbersAnswers { get; }

    /// <summary>Puts header and trailer around the protocol data unit that stands at <see cref="HeaderLength"/>.</summary>
    /// <returns>The length of the frame.</returns>
    int Seal(Span<byte> frame, byte unit, int pduLength);

    /// <summary>Judges the bytes received since the request was sent; called again with more while it says so.</summary>
    FrameVerdict Judge(ReadOnlySpan<byte> received, ExpectedAnswer expected);
}

/// <summary>Incomplete, whole, or wrong.</summary>
internal readonly record struct FrameVerdict
{
    private FrameVerdict(bool incomplete, int pduLength, ModbusResult fault)
    {
        IsIncomplete = incomplete;
        PduLength = pduLength;
        Fault = fault;
    }

    public static FrameVerdict Incomplete => new(incomplete: true, 0, default);

    public bool IsIncomplete { get; }

    /// <summary>Length of the protocol data unit in a whole frame.</summary>
    public int PduLength { get; }

    /// <summary>Success for a whole frame.</summary>
    public ModbusResult Fault { get; }

    public static FrameVerdict Whole(int pduLength) => new(incomplete: false, pduLength, default);

    public static FrameVerdict Wrong(ModbusFault fault, string detail) => new(incomplete: false, 0, ModbusResult.Failed(fault, detail));

    public static FrameVerdict WrongUnit(byte asked, byte answered) =>
        Wrong(ModbusFault.WrongUnit, $"asked unit {asked}, unit {answered} answered");

    public static FrameVerdict WrongFunction(ModbusFunction asked, byte answered) =>
        Wrong(ModbusFault.WrongFunction, $"asked function {(byte)asked}, the answer is for {answered}");
}
