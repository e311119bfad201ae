using System.Buffers.Binary;
using System.Net.Sockets;

namespace HPManager.Drivers.Simulation.Modbus;

/// <summary>
/// A Modbus server on a real loopback socket, TCP or serial frames over TCP, for any number of clients, with faults on demand. Answers every unit id
/// of its banks; others get no answer on a serial line and exception 11 on TCP, as gateways do. Thread-safe.
/// </summary>
public sealed class SimulatedModbusServer : ISimulatedServer
{
    private const byte IllegalFunction = 1;
    private const byte IllegalAddress = 2;
    private const byte IllegalValue = 3;
    private const byte NoUnit = 11;
    private const ushort CoilOn = 0xFF00;

    private readonly IReadOnlyDictionary<byte, IRegisterBank> _banks;
    private readonly bool _serial;
    private readonly TimeProvider _time;
    private readonly LoopbackListener _listener;
    private long _requests;

    private SimulatedModbusServer(IReadOnlyDictionary<byte, IRegisterBank> banks, TimeProvider time, int port, bool serial)
    {
        _banks = banks;
        _serial = serial;
        _time = time;
        _listener = new LoopbackListener(port, () => Faults.OneClientOnly, AnswerAllAsync);
    }

    /// <inheritdoc/>
    public int Port => _listener.Port;

    /// <summary>Faults on demand.</summary>
    public ServerFaults Faults { get; } = new();

    /// <summary>Requests understood so far.</summary>
    public long RequestCount => Interlocked.Read(ref _requests);

    /// <summary>Connections open now.</summary>
    public int ClientCount => _listener.ClientCount;

    /// <summary>Starts a server for one unit or several.</summary>
    /// <param name="banks">A bank for each unit id.</param>
    /// <param name="time">Clock of the delays.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <param name="serial">Serial frames with checksums instead of TCP headers.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedModbusServer Start(
        IReadOnlyDictionary<byte, IRegisterBank> banks, TimeProvider time, int port = 0, bool serial = false) => new(banks, time, port, serial);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task AnswerAllAsync(Socket client, CancellationToken stop)
    {
        var received = new byte[2 * ServerFrames.MaxFrame];
        var filled = 0;
        while (true)
        {
            var length = ServerFrames.RequestLength(received.AsSpan(0, filled), _serial);
            if (length < 0) return;
            if (length == 0 || filled < length)
            {
                if (Faults.Fault == ServerFault.HalfOpen) await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
                var count = await client.ReceiveAsync(received.AsMemory(filled), SocketFlags.None, stop);
                if (count == 0) return;
                filled += count;
                continue;
            }

            Interlocked.Increment(ref _requests);
            if (!await AnswerAsync(client, received.AsMemory(0, length), stop)) return;
            received.AsSpan(length, filled - length).CopyTo(received);
            filled -= length;
        }
    }

    // Answers one request; false ends the connection.
    private async Task<bool> AnswerAsync(Socket client, ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        if (_serial && !ServerFrames.IsIntact(request.Span)) return true;
        if (Faults.Delay is { Ticks: > 0 } delay) await Task.Delay(delay, _time, stop);
        switch (Faults.Fault)
        {
            case ServerFault.Silence:
                return true;
            case ServerFault.HalfOpen:
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
                return false;
            case ServerFault.Reset:
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
            case ServerFault.Garbage:
                await client.SendAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
                return true;
        }

        var frame = new byte[ServerFrames.MaxFrame];
        var frameLength = Compose(request.Span, frame);
        if (frameLength == 0) return true;
        if (Faults.Fault == ServerFault.WrongTransaction) frame[_serial ? frameLength - 1 : 0] ^= 0x5A;
        if (Faults.Fault == ServerFault.TruncatedFrame) frameLength /= 2;
        await client.SendAsync(frame.AsMemory(0, frameLength), stop);
        return Faults.Fault != ServerFault.TruncatedFrame;
    }

    private int Compose(ReadOnlySpan<byte> request, Span<byte> frame)
    {
        var unit = request[_serial ? 0 : 6];
        var pdu = _serial ? request[1..^2] : request[ServerFrames.TcpHeader..];
        Span<byte> answer = stackalloc byte[253];
        int length;
        if (Faults.Fault == ServerFault.Exception) length = Refuse(pdu[0], Faults.ExceptionCode, answer);
        else if (_banks.TryGetValue(unit, out var bank)) length = Serve(bank, pdu, answer);
        else if (_serial) return 0;
        else length = Refuse(pdu[0], NoUnit, answer);
        return ServerFrames.Wrap(request, answer[..length], _serial, frame);
    }

    private static int Refuse(byte function, byte code, Span<byte> answer)
    {
        answer[0] = (byte)(function | 0x80);
        answer[1] = code;
        return 2;
    }

    private static int Serve(IRegisterBank bank, ReadOnlySpan<byte> pdu, Span<byte> answer)
    {
        var function = pdu[0];
        if (pdu.Length < 5) return Refuse(function, IllegalValue, answer);
        var address = BinaryPrimitives.ReadUInt16BigEndian(pdu[1..]);
        var number = BinaryPrimitives.ReadUInt16BigEndian(pdu[3..]);
        switch (function)
        {
            case 3 or 4:
                return ReadWords(bank, function, address, number, answer);
            case 6:
                return Confirm(bank.Write(address, [number]), pdu, answer);
            case 16:
                if (number is 0 or > 123 || pdu.Length != 6 + (number * 2) || pdu[5] != number * 2) return Refuse(function, IllegalValue, answer);
                Span<ushort> words = stackalloc ushort[number];
                for (var word = 0; word < number; word++) words[word] = BinaryPrimitives.ReadUInt16BigEndian(pdu[(6 + (word * 2))..]);
                return Confirm(bank.Write(address, words), pdu, answer);
            case 1 or 2 when bank is IBitBank bits:
                return ReadBits(bits, function, address, number, answer);
            case 5 when bank is IBitBank bits:
                if (number is not (0 or CoilOn)) return Refuse(function, IllegalValue, answer);
                return Confirm(bits.WriteBit(address, number == CoilOn), pdu, answer);
            default:
                return Refuse(function, IllegalFunction, answer);
        }
    }

    private static int ReadWords(IRegisterBank bank, byte function, ushort address, ushort count, Span<byte> answer)
    {
        if (count is 0 or > 125) return Refuse(function, IllegalValue, answer);
        if (address + count > 65536) return Refuse(function, IllegalAddress, answer);
        Span<ushort> words = stackalloc ushort[count];
        if (bank.Read(input: function == 4, address, words) is not 0 and var code) return Refuse(function, code, answer);
        answer[0] = function;
        answer[1] = (byte)(count * 2);
        for (var word = 0; word < count; word++) BinaryPrimitives.WriteUInt16BigEndian(answer[(2 + (word * 2))..], words[word]);
        return 2 + (count * 2);
    }

    private static int ReadBits(IBitBank bank, byte function, ushort address, ushort count, Span<byte> answer)
    {
        if (count is 0 or > 2000) return Refuse(function, IllegalValue, answer);
        if (address + count > 65536) return Refuse(function, IllegalAddress, answer);
        var bits = new bool[count];
        if (bank.ReadBits(discrete: function == 2, address, bits) is not 0 and var code) return Refuse(function, code, answer);
        var length = (count + 7) / 8;
        answer[0] = function;
        answer[1] = (byte)length;
        answer.Slice(2, length).Clear();
        for (var bit = 0; bit < count; bit++)
        {
            if (bits[bit]) answer[2 + (bit / 8)] |= (byte)(1 << (bit % 8));
        }

        return 2 + length;
    }

    private static int Confirm(byte code, ReadOnlySpan<byte> pdu, Span<byte> answer)
    {
        if (code != 0) return Refuse(pdu[0], code, answer);
        pdu[..5].CopyTo(answer);
        return 5;
    }
}
