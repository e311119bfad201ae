using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Tests.Drivers.Mqtt;

/// <summary>
/// A broker that does to each connection what the test says, byte by byte. Its numbers are its own, written from MQTT 3.1.1.
/// </summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Peer, Task> _script;
    private readonly Task _accepting;
    private int _connections;

    public ScriptedBroker(Func<Peer, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync, CancellationToken.None);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public static byte[] ConnAck(int code = 0, bool hasSession = false) => [0x20, 2, (byte)(hasSession ? 1 : 0), (byte)code];

    public static byte[] SubAck(int id, int code) => [0x90, 3, (byte)(id >> 8), (byte)id, (byte)code];

    public static byte[] PubAck(int id) => [0x40, 2, (byte)(id >> 8), (byte)id];

    public static byte[] Publish(string topic, string payload, int id = 0, bool isRepeated = false)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        byte[] body = [(byte)(name.Length >> 8), (byte)name.Length, .. name, .. id == 0 ? Array.Empty<byte>() : [(byte)(id >> 8), (byte)id], .. Encoding.UTF8.GetBytes(payload)];
        return [(byte)(0x30 | (id == 0 ? 0 : 2) | (isRepeated ? 8 : 0)), .. Length(body.Length), .. body];
    }

    public static byte[] Length(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value % 128) + (value >= 128 ? 128 : 0)));
            value /= 128;
        }
        while (value > 0);
        return [.. bytes];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        socket.NoDelay = true;
        try
        {
            await _script(new Peer(socket, Interlocked.Increment(ref _connections), _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has had enough, or the test.
        }
    }

    /// <summary>One connection.</summary>
    internal sealed class Peer(Socket socket, int number, CancellationToken stop)
    {
        /// <summary>Counted from 1.</summary>
        public int Number => number;

        public async Task SendAsync(params byte[] bytes) => await socket.SendAsync(bytes, stop);

        /// <summary>The next packet of the client: its first byte and what follows the length.</summary>
        public async Task<(byte First, byte[] Body)> ReceiveAsync()
        {
            var first = (await FillAsync(1))[0];
            var (length, factor) = (0, 1);
            byte digit;
            do
            {
                digit = (await FillAsync(1))[0];
                length += (digit & 127) * factor;
                factor *= 128;
            }
            while (digit >= 128);
            return (first, await FillAsync(length));
        }

        /// <summary>Lets the client in and grants what it subscribes.</summary>
        public async Task WelcomeAsync(int subscriptions = 0, bool hasSession = false)
        {
            await ReceiveAsync();
            await SendAsync(ConnAck(0, hasSession));
            for (var i = 0; i < subscriptions; i++)
            {
                var (_, body) = await ReceiveAsync();
                await SendAsync(SubAck((body[0] << 8) | body[1], body[^1]));
            }
        }

        /// <summary>Reads until the client closes.</summary>
        public async Task WaitForEndAsync()
        {
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, stop) > 0)
            {
                // Whatever it says.
            }
        }

        private async Task<byte[]> FillAsync(int count)
        {
            var bytes = new byte[count];
            for (var have = 0; have < count;)
            {
                var received = await socket.ReceiveAsync(bytes.AsMemory(have), stop);
                if (received == 0) throw new IOException("the client closed");
                have += received;
            }

            return bytes;
        }
    }
}
