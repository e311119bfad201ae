using System.Collections.Concurrent;
using HPManager.Tests.Drivers.Modbus.Client;

namespace HPManager.Tests.Drivers.Modbus.Driver;

/// <summary>One read as it arrived: function 1 to 4, first address, count.</summary>
internal readonly record struct FakeRead(byte Unit, int Function, int Start, int Count)
{
    public override string ToString() => $"{Start}({Count})";
}

/// <summary>
/// A device on a real socket whose registers, refusals and moods a test sets while it runs. Holds one word an address, for all tables (a bit is set
/// where the word is not 0); an address without a word is refused with exception 2.
/// </summary>
internal sealed class RegisterFake : IAsyncDisposable
{
    private readonly FakeModbusServer _server;

    public RegisterFake() => _server = FakeModbusServer.Tcp(AnswerAsync);

    public int Port => _server.Port;

    public int Connections => _server.Connections;

    public ConcurrentDictionary<int, ushort> Words { get; } = [];

    public ConcurrentQueue<FakeRead> Reads { get; } = [];

    /// <summary>Data units of writes, from the function code on.</summary>
    public ConcurrentQueue<byte[]> Writes { get; } = [];

    /// <summary>Exception code for a read; null or 0 answers by <see cref="Words"/>.</summary>
    public Func<FakeRead, int>? Refuse { get; set; }

    /// <summary>Exception code for every write.</summary>
    public int RefuseWrites { get; set; }

    /// <summary>The words of a read instead of <see cref="Words"/>; null answers by those.</summary>
    public Func<FakeRead, ushort[]?>? Instead { get; set; }

    /// <summary>What happens to a request before anything else; true when that was all.</summary>
    public Func<FakeConnection, Task<bool>>? Mood { get; set; }

    public void Set(int address, params ushort[] words)
    {
        for (var i = 0; i < words.Length; i++) Words[address + i] = words[i];
    }

    public string[] TakeReads()
    {
        var taken = Reads.Select(read => read.ToString()).ToArray();
        Reads.Clear();
        return taken;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(FakeConnection connection, byte[] request)
    {
        if (Mood is { } mood && await mood(connection)) return;
        var function = request[7];
        if (function is 5 or 6 or 16)
        {
            Writes.Enqueue(request[7..]);
            await (RefuseWrites > 0 ? RefuseAsync(connection, request, RefuseWrites) : connection.SendAsync(ModbusFrames.AnswerTcp(request)));
            return;
        }

        var read = new FakeRead(request[6], function, (request[8] << 8) | request[9], (request[10] << 8) | request[11]);
        Reads.Enqueue(read);
        var code = Refuse?.Invoke(read) ?? 0;
        if (code == 0 && Enumerable.Range(read.Start, read.Count).Any(address => !Words.ContainsKey(address))) code = 2;
        if (code > 0) await RefuseAsync(connection, request, code);
        else if (function is 1 or 2) await connection.SendAsync(ModbusFrames.Tcp((request[0] << 8) | request[1], request[6], [(byte)function, .. PackedBits(read)]));
        else await connection.SendAsync(ModbusFrames.AnswerTcp(request, Instead?.Invoke(read) ?? Held(read)));
    }

    private ushort[] Held(FakeRead read) => [.. Enumerable.Range(read.Start, read.Count).Select(address => Words[address])];

    private byte[] PackedBits(FakeRead read)
    {
        var packed = new byte[1 + ((read.Count + 7) / 8)];
        packed[0] = (byte)(packed.Length - 1);
        for (var bit = 0; bit < read.Count; bit++)
        {
            if (Words[read.Start + bit] != 0) packed[1 + (bit / 8)] |= (byte)(1 << (bit % 8));
        }

        return packed;
    }

    private static Task RefuseAsync(FakeConnection connection, byte[] request, int code) =>
        connection.SendAsync(ModbusFrames.Tcp((request[0] << 8) | request[1], request[6], (byte)(request[7] | 0x80), (byte)code));
}
