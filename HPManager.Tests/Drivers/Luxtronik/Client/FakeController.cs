using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Drivers.Luxtronik.Client;

/// <summary>
/// A controller on loopback with three blocks, answering as the protocol's description says; constants and coding are its own. What it does with a
/// request can be replaced.
/// </summary>
internal sealed class FakeController : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private int _connections;
    private int _open;

    public FakeController(IPEndPoint? endpoint = null)
    {
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int[] Parameters { get; set; } = new int[1180];

    public int[] Calculations { get; set; } = NewCalculations("V3.92.1");

    public byte[] Visibilities { get; set; } = [.. Enumerable.Repeat((byte)1, 380)];

    /// <summary>Requests in the order they came: command, second word, third word or 0.</summary>
    public ConcurrentQueue<(int Command, int Second, int Third)> Requests { get; } = [];

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Most connections that were open at the same time.</summary>
    public int MostOpen { get; private set; }

    /// <summary>Takes a request instead of the controller; gives false to let the controller answer it.</summary>
    public Func<Socket, (int Command, int Second, int Third), Task<bool>>? Script { get; set; }

    /// <summary>Settings written: parameter and raw value.</summary>
    public IEnumerable<(int Index, int Raw)> Writes => Requests.Where(request => request.Command == 3002).Select(request => (request.Second, request.Third));

    public static int[] NewCalculations(string firmware, int count = 269)
    {
        var calculations = new int[count];
        for (var i = 0; i < firmware.Length; i++) calculations[81 + i] = firmware[i];
        return calculations;
    }

    public static byte[] Words(params int[] words) => [.. words.SelectMany(word => new[] { (byte)(word >> 24), (byte)(word >> 16), (byte)(word >> 8), (byte)word })];

    public byte[] AnswerTo(int command, int second) => command switch
    {
        3002 => Words(3002, second),
        3003 => [.. Words(3003, Parameters.Length), .. Words(Parameters)],
        3004 => [.. Words(3004, 0, Calculations.Length), .. Words(Calculations)],
        3005 => [.. Words(3005, Visibilities.Length), .. Visibilities],
        _ => [],
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                Interlocked.Increment(ref _connections);
                MostOpen = Math.Max(MostOpen, Interlocked.Increment(ref _open));
                _serving.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            while (await ReadWordAsync(socket) is { } command)
            {
                var second = await ReadWordAsync(socket) ?? throw new IOException("half a request");
                var third = command == 3002 ? await ReadWordAsync(socket) ?? throw new IOException("half a write") : 0;
                var request = (command, second, third);
                Requests.Enqueue(request);
                if (Script is not null && await Script(socket, request)) continue;
                if (command == 3002) Parameters[second] = third;
                await socket.SendAsync(AnswerTo(command, second), _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client closed, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<int?> ReadWordAsync(Socket socket)
    {
        var bytes = new byte[4];
        for (var have = 0; have < bytes.Length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(have), _stop.Token);
            if (count == 0) return null;
            have += count;
        }

        return (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
    }
}
