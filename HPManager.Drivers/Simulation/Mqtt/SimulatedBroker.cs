using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Drivers.Simulation.Mqtt;

/// <summary>
/// An MQTT 3.1.1 broker on a real loopback socket, as far as a simulated gateway or battery needs one: everybody is let in, messages go out at QoS 0, retained ones
/// are kept, and no session outlives its connection. Written apart from the client, constants included, so that a mistake there is found here. Thread-safe.
/// </summary>
public sealed class SimulatedBroker : ISimulatedServer
{
    private const int LargestPacket = 1024 * 1024;
    private readonly LoopbackListener _listener;
    private readonly ConcurrentDictionary<Client, byte> _clients = new();
    private readonly ConcurrentDictionary<string, byte[]> _retained = new(StringComparer.Ordinal);

    private SimulatedBroker(int port) => _listener = new LoopbackListener(port, () => false, ServeAsync);

    /// <inheritdoc/>
    public int Port => _listener.Port;

    /// <summary>Connections open now.</summary>
    public int ClientCount => _listener.ClientCount;

    /// <summary>Starts a broker.</summary>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static SimulatedBroker Start(int port = 0) => new(port);

    /// <summary>Sends a message to everybody who has subscribed to it; one whose connection is clogged misses it.</summary>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="retain">Whether it is kept for later subscribers.</param>
    public void Publish(string topic, string payload, bool retain = false) => Publish(topic, Encoding.UTF8.GetBytes(payload), retain);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private void Publish(string topic, byte[] payload, bool retain)
    {
        if (retain) _retained[topic] = payload;
        foreach (var client in _clients.Keys.Where(client => client.Wants(topic))) client.Enqueue(PublishPacket(topic, payload, isRetained: false));
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var client = new Client();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = client.SendAllAsync(socket, ended.Token);
        try
        {
            await TakeAllAsync(socket, client, stop);
        }
        finally
        {
            _clients.TryRemove(client, out _);
            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeAllAsync(Socket socket, Client client, CancellationToken stop)
    {
        while (await ReadPacketAsync(socket, stop) is var (type, body) && type >= 0)
        {
            switch (type >> 4)
            {
                case 1:
                    client.Enqueue([0x20, 2, 0, 0]);
                    break;
                case 3:
                    TakePublish(type, body, client);
                    break;
                case 8:
                    Subscribe(body, client);
                    break;
                case 10:
                    client.Enqueue([0xB0, 2, body[0], body[1]]);
                    break;
                case 12:
                    client.Enqueue([0xD0, 0]);
                    break;
                case 14:
                    return;
            }
        }
    }

    private void TakePublish(int type, byte[] body, Client client)
    {
        var topic = Text(body, 0, out var next);
        if (((type >> 1) & 3) > 0)
        {
            client.Enqueue([0x40, 2, body[next], body[next + 1]]);
            next += 2;
        }

        Publish(topic, body[next..], (type & 1) != 0);
    }

    private void Subscribe(byte[] body, Client client)
    {
        var granted = new List<byte>();
        var added = new List<string>();
        for (var next = 2; next < body.Length; next++)
        {
            added.Add(Text(body, next, out next));
            granted.Add(0);
        }

        foreach (var filter in added) client.Add(filter);
        _clients.TryAdd(client, 0);
        client.Enqueue([0x90, (byte)(2 + granted.Count), body[0], body[1], .. granted]);
        foreach (var (topic, payload) in _retained.Where(kept => added.Any(filter => Client.Fits(filter, kept.Key)))) client.Enqueue(PublishPacket(topic, payload, isRetained: true));
    }

    private static byte[] PublishPacket(string topic, byte[] payload, bool isRetained)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        var length = 2 + name.Length + payload.Length;
        var packet = new List<byte>(length + 5) { (byte)(isRetained ? 0x31 : 0x30) };
        for (var rest = length; ; rest >>= 7)
        {
            packet.Add((byte)(rest > 127 ? (rest & 127) | 128 : rest));
            if (rest <= 127) break;
        }

        packet.Add((byte)(name.Length >> 8));
        packet.Add((byte)name.Length);
        packet.AddRange(name);
        packet.AddRange(payload);
        return [.. packet];
    }

    private static string Text(byte[] body, int at, out int next)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));
        next = at + 2 + length;
        return Encoding.UTF8.GetString(body, at + 2, length);
    }

    // A type of -1 says that the client has gone, or sends what is no packet.
    private static async Task<(int Type, byte[] Body)> ReadPacketAsync(Socket socket, CancellationToken stop)
    {
        var one = new byte[1];
        if (!await FillAsync(socket, one, stop)) return (-1, []);
        int type = one[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            if (shift > 21 || !await FillAsync(socket, one, stop)) return (-1, []);
            length |= (one[0] & 127) << shift;
            if (one[0] < 128) break;
        }

        if (length > LargestPacket) return (-1, []);
        var body = new byte[length];
        return await FillAsync(socket, body, stop) ? (type, body) : (-1, []);
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken stop)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
            if (count == 0) return false;
            buffer = buffer[count..];
        }

        return true;
    }
}
