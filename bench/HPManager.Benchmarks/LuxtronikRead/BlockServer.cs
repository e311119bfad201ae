using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Benchmarks.LuxtronikRead;

/// <summary>
/// Answers as a Luxtronik controller of newest firmware does, with blocks as long as theirs, each answer held back by a round trip. Its numbers and its
/// coding are its own, written from the protocol's description.
/// </summary>
internal sealed class BlockServer : IAsyncDisposable
{
    public const int Parameters = 1180;
    public const int Calculations = 269;
    public const int Visibilities = 380;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, byte[]> _answers = new()
    {
        [3003] = [.. Word(3003), .. Word(Parameters), .. Numbers(Parameters)],
        [3004] = [.. Word(3004), .. Word(0), .. Word(Calculations), .. Numbers(Calculations)],
        [3005] = [.. Word(3005), .. Word(Visibilities), .. Enumerable.Range(0, Visibilities).Select(index => (byte)(index % 2))],
    };

    private readonly TimeSpan _roundTrip;
    private readonly Task _accepting;

    public BlockServer(TimeSpan oneWay)
    {
        _roundTrip = oneWay * 2;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync, CancellationToken.None);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What stands at an index of a block of numbers.</summary>
    public static int NumberAt(int index) => (index * 7919) - 1_000_000;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) await ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        socket.NoDelay = true;
        var request = new byte[12];
        while (await FillAsync(socket, request.AsMemory(0, 8)))
        {
            var command = BinaryPrimitives.ReadInt32BigEndian(request);
            if (command == 3002 && !await FillAsync(socket, request.AsMemory(8, 4))) return;
            if (_roundTrip > TimeSpan.Zero) await Task.Delay(_roundTrip, TimeProvider.System, _stop.Token);
            await socket.SendAsync(command == 3002 ? request.AsMemory(0, 8) : _answers[command], _stop.Token);
        }
    }

    private async Task<bool> FillAsync(Socket socket, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var received = await socket.ReceiveAsync(buffer, _stop.Token);
            if (received == 0) return false;
            buffer = buffer[received..];
        }

        return true;
    }

    private static IEnumerable<byte> Numbers(int count) => Enumerable.Range(0, count).SelectMany(index => Word(NumberAt(index)));

    private static byte[] Word(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
