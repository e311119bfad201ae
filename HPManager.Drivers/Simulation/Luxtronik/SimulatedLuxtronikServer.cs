using System.Buffers.Binary;
using System.Net.Sockets;
using HPManager.Drivers.Simulation.Makes;

namespace HPManager.Drivers.Simulation.Luxtronik;

/// <summary>
/// A Luxtronik controller's own protocol on a real loopback socket: whole blocks are read, single parameters written, nothing is checked, and the
/// answers carry neither frame nor checksum. Written apart from the client, constants included, so that a mistake there is found here. Any number of
/// clients unless told otherwise. Thread-safe.
/// </summary>
public sealed class SimulatedLuxtronikServer : ISimulatedServer
{
    private const int Write = 3002;
    private const int Parameters = 3003;
    private const int Calculations = 3004;
    private const int Visibilities = 3005;
    private const int WriteLength = 12;
    private const int ReadLength = 8;

    private readonly LuxtronikBlocks _blocks;
    private readonly TimeProvider _time;
    private readonly LoopbackListener _listener;
    private long _requests;

    private SimulatedLuxtronikServer(LuxtronikBlocks blocks, TimeProvider time, int port)
    {
        _blocks = blocks;
        _time = time;
        _listener = new LoopbackListener(port, () => Faults.OneClientOnly, AnswerAllAsync);
    }

    /// <inheritdoc/>
    public int Port => _listener.Port;

    /// <summary>Faults on demand.</summary>
    public LuxtronikFaults Faults { get; } = new();

    /// <summary>Requests understood so far.</summary>
    public long RequestCount => Interlocked.Read(ref _requests);

    /// <summary>Connections open now.</summary>
    public int ClientCount => _listener.ClientCount;

    /// <summary>Starts a controller.</summary>
    /// <param name="blocks">What it serves.</param>
    /// <param name="time">Clock of the delays.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedLuxtronikServer Start(LuxtronikBlocks blocks, TimeProvider time, int port = 0) => new(blocks, time, port);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task AnswerAllAsync(Socket client, CancellationToken stop)
    {
        var received = new byte[WriteLength];
        while (await FillAsync(client, received.AsMemory(0, ReadLength), stop))
        {
            var command = BinaryPrimitives.ReadInt32BigEndian(received);
            if (command is < Write or > Visibilities) return;
            if (command == Write && !await FillAsync(client, received.AsMemory(ReadLength), stop)) return;
            Interlocked.Increment(ref _requests);
            if (!await AnswerAsync(client, command, received, stop)) return;
        }
    }

    // False when the client left before the buffer was full.
    private static async Task<bool> FillAsync(Socket client, Memory<byte> buffer, CancellationToken stop)
    {
        while (!buffer.IsEmpty)
        {
            var count = await client.ReceiveAsync(buffer, SocketFlags.None, stop);
            if (count == 0) return false;
            buffer = buffer[count..];
        }

        return true;
    }

    // Answers one request; false ends the connection.
    private async Task<bool> AnswerAsync(Socket client, int command, byte[] request, CancellationToken stop)
    {
        if (Faults.Delay is { Ticks: > 0 } delay) await Task.Delay(delay, _time, stop);
        var fault = Faults.Fault;
        switch (fault)
        {
            case LuxtronikFault.Silence:
                return true;
            case LuxtronikFault.Reset:
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
            case LuxtronikFault.Garbage:
                await SendAsync(client, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
                return true;
        }

        var answer = command == Write ? Take(request, fault) : Block(command, fault);
        if (fault == LuxtronikFault.TruncatedAnswer) answer = answer[..(answer.Length / 2)];
        await SendAsync(client, answer, stop);
        while (fault == LuxtronikFault.Endless) await SendAsync(client, answer, stop);
        return fault != LuxtronikFault.TruncatedAnswer;
    }

    // The answer names the parameter, not the value, and is the same whatever became of it.
    private byte[] Take(byte[] request, LuxtronikFault fault)
    {
        var index = BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4));
        if (fault != LuxtronikFault.ForgetsWrites) _blocks.Write(index, BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(8)));
        return Words(Write, index);
    }

    private byte[] Block(int command, LuxtronikFault fault)
    {
        if (fault == LuxtronikFault.ForeignBlock) command = command == Calculations ? Parameters : Calculations;
        if (fault == LuxtronikFault.Busy && command == Calculations) return Words(Calculations, 1);
        int[] header = command == Calculations ? [command, 0] : [command];
        if (fault == LuxtronikFault.HostileCount) return Words([.. header, int.MaxValue]);
        switch (command)
        {
            case Visibilities:
                var flags = _blocks.Visibilities();
                return [.. Words([.. header, flags.Length]), .. flags];
            default:
                var entries = command == Parameters ? _blocks.Parameters() : _blocks.Calculations();
                return Words([.. header, entries.Length, .. entries]);
        }
    }

    private static byte[] Words(params ReadOnlySpan<int> words)
    {
        var bytes = new byte[4 * words.Length];
        for (var word = 0; word < words.Length; word++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * word), words[word]);
        return bytes;
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await client.SendAsync(bytes, SocketFlags.None, stop)..];
    }
}
