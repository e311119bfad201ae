using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>A TCP server on loopback that takes whole Modbus requests apart by the specification and leaves the answer to a script.</summary>
internal sealed class FakeModbusServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly bool _serial;
    private readonly Func<FakeConnection, byte[], Task> _script;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private int _connections;

    private FakeModbusServer(Func<FakeConnection, byte[], Task> script, bool serial, IPAddress address)
    {
        _script = script;
        _serial = serial;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests received so far, whole frames in order.</summary>
    public ConcurrentQueue<byte[]> Requests { get; } = [];

    /// <summary>Called for each new connection before its first request is read.</summary>
    public Func<FakeConnection, Task>? OnConnected { get; init; }

    public static FakeModbusServer Tcp(Func<FakeConnection, byte[], Task> script, IPAddress? address = null) =>
        new(script, serial: false, address ?? IPAddress.Loopback);

    public static FakeModbusServer Rtu(Func<FakeConnection, byte[], Task> script, Func<FakeConnection, Task>? onConnected = null) =>
        new(script, serial: true, IPAddress.Loopback) { OnConnected = onConnected };

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
                _serving.Add(ServeAsync(new FakeConnection(socket, Interlocked.Increment(ref _connections))));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(FakeConnection connection)
    {
        try
        {
            if (OnConnected is not null) await OnConnected(connection);
            while (await ReadRequestAsync(connection.Socket) is { } request)
            {
                Requests.Enqueue(request);
                await _script(connection, request);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client or the script ended the connection.
        }
        finally
        {
            connection.Socket.Dispose();
        }
    }

    private async Task<byte[]?> ReadRequestAsync(Socket socket)
    {
        var frame = new List<byte>();
        var length = _serial ? 8 : 6;
        while (frame.Count < length)
        {
            var rest = new byte[length - frame.Count];
            var count = await socket.ReceiveAsync(rest, _stop.Token);
            if (count == 0) return null;
            frame.AddRange(rest[..count]);
            if (!_serial && frame.Count == 6) length = 6 + (frame[4] << 8) + frame[5];
            if (_serial && frame.Count == 8 && frame[1] is 15 or 16) length = 9 + frame[6];
        }

        return [.. frame];
    }
}

/// <summary>What a script can do to a client.</summary>
internal sealed class FakeConnection(Socket socket, int number)
{
    public Socket Socket => socket;

    /// <summary>1 for the first connection of the server.</summary>
    public int Number => number;

    public Task SendAsync(byte[] bytes) => socket.SendAsync(bytes);

    public async Task SendByteByByteAsync(byte[] bytes)
    {
        foreach (var value in bytes)
        {
            await socket.SendAsync(new[] { value });
            await Task.Yield();
        }
    }

    /// <summary>An orderly end.</summary>
    public void Close() => socket.Dispose();

    /// <summary>An end by reset.</summary>
    public void Reset() => socket.Close(0);
}
