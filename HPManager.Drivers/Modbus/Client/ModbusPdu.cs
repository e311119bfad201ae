using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HPManager.Drivers.Modbus.Client;

internal enum ModbusFunction : byte
{
    ReadCoils = 1,
    ReadDiscreteInputs = 2,
    ReadHoldingRegisters = 3,
    ReadInputRegisters = 4,
    WriteSingleCoil = 5,
    WriteSingleRegister = 6,
    WriteMultipleCoils = 15,
    WriteMultipleRegisters = 16,
}

/// <summary>
/// The protocol data unit: function and what belongs to it, the same on every transport
/// (Modbus Application Protocol V1.1b3, section 6). Requests are written into a buffer, answers checked against the request.
/// </summary>
internal static class ModbusPdu
{
    public const int MaxLength = 253;
    public const int MaxReadRegisters = 125;
    public const int MaxReadBits = 2000;
    public const int MaxWriteRegisters = 123;
    public const int MaxWriteCoils = 1968;

    /// <summary>Bit of the function byte that marks a refusal.</summary>
    public const byte ExceptionBit = 0x80;

    /// <summary>Function and exception code.</summary>
    public const int ExceptionLength = 2;

    /// <summary>Function, address, and value or count: a read request, and what every write is acknowledged with.</summary>
    public const int EchoLength = 5;

    private const ushort CoilOn = 0xFF00;
    private const int WriteHeader = 6;

    public static int ReadAnswerLength(int dataBytes) => 2 + dataBytes;

    public static int BytesForBits(int bits) => (bits + 7) / 8;

    /// <summary>Every request begins like this; reads and single writes are nothing more.</summary>
    public static int Write(Span<byte> pdu, ModbusFunction function, ushort address, ushort valueOrCount)
    {
        pdu[0] = (byte)function;
        BinaryPrimitives.WriteUInt16BigEndian(pdu[1..], address);
        BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], valueOrCount);
        return EchoLength;
    }

    public static int WriteSingleCoil(Span<byte> pdu, ushort address, bool value) =>
        Write(pdu, ModbusFunction.WriteSingleCoil, address, value ? CoilOn : (ushort)0);

    public static int WriteRegisters(Span<byte> pdu, ushort address, ReadOnlySpan<ushort> values)
    {
        Write(pdu, ModbusFunction.WriteMultipleRegisters, address, (ushort)values.Length);
        pdu[EchoLength] = (byte)(values.Length * 2);
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(pdu[(WriteHeader + (2 * i))..], values[i]);
        return WriteHeader + (values.Length * 2);
    }

    public static int WriteCoils(Span<byte> pdu, ushort address, ReadOnlySpan<bool> values)
    {
        Write(pdu, ModbusFunction.WriteMultipleCoils, address, (ushort)values.Length);
        var bytes = BytesForBits(values.Length);
        pdu[EchoLength] = (byte)bytes;
        var packed = pdu.Slice(WriteHeader, bytes);
        packed.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i]) packed[i / 8] |= (byte)(1 << (i % 8));
        }

        return WriteHeader + bytes;
    }

    /// <summary>Judges an answer whose function and length the framing has already held against the request.</summary>
    public static ModbusResult Judge(ReadOnlySpan<byte> request, ReadOnlySpan<byte> answer)
    {
        if ((answer[0] & ExceptionBit) != 0) return ModbusResult.Refused((ModbusException)answer[1]);
        if ((ModbusFunction)answer[0] >= ModbusFunction.WriteSingleCoil)
        {
            return answer.SequenceEqual(request[..EchoLength])
                ? ModbusResult.Success
                : ModbusResult.Failed(
                    ModbusFault.EchoMismatch,
                    $"asked for {Convert.ToHexString(request[..EchoLength])}, acknowledged was {Convert.ToHexString(answer)}");
        }

        return answer[1] == answer.Length - 2
            ? ModbusResult.Success
            : ModbusResult.Failed(ModbusFault.BadLength, $"byte count {answer[1]} with {answer.Length - 2} bytes of data");
    }

    public static void ReadRegisters(ReadOnlySpan<byte> answer, Span<ushort> destination)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(answer[2..]);
        if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, destination);
        else words.CopyTo(destination);
    }

    /// <summary>Takes as many bits as asked for; what fills up the last byte is not looked at.</summary>
    public static void ReadBits(ReadOnlySpan<byte> answer, Span<bool> destination)
    {
        var packed = answer[2..];
        for (var i = 0; i < destination.Length; i++) destination[i] = (packed[i / 8] & (1 << (i % 8))) != 0;
    }
}
