using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace HPManager.Drivers.Simulation.Mqtt;

/// <summary>Somebody who is connected to a <see cref="SimulatedBroker"/>: what they want to hear, and what waits to be sent to them. Thread-safe.</summary>
internal sealed class Client
{
    private readonly ConcurrentBag<string> _filters = [];
    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Add(string filter) => _filters.Add(filter);

    public bool Wants(string topic) => _filters.Any(filter => Fits(filter, topic));

    public void Enqueue(byte[] packet) => _waiting.Writer.TryWrite(packet);

    public async Task SendAllAsync(Socket socket, CancellationToken stop)
    {
        await foreach (var packet in _waiting.Reader.ReadAllAsync(stop))
        {
            for (ReadOnlyMemory<byte> rest = packet; !rest.IsEmpty;) rest = rest[await socket.SendAsync(rest, SocketFlags.None, stop)..];
        }
    }

    /// <summary>Whether a topic fits a filter with <c>+</c> and <c>#</c>.</summary>
    public static bool Fits(string filter, string topic)
    {
        var wanted = filter.Split('/');
        var told = topic.Split('/');
        for (var level = 0; level < wanted.Length; level++)
        {
            if (wanted[level] == "#") return true;
            if (level >= told.Length || (wanted[level] != "+" && wanted[level] != told[level])) return false;
        }

        return wanted.Length == told.Length;
    }
}
