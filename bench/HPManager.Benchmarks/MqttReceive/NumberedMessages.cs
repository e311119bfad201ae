using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Benchmarks.MqttReceive;

/// <summary>
/// Messages of 200 bytes that begin with their number, and a program that publishes them at QoS 0 as fast as a socket takes them. Its packets are made
/// here, apart from the product.
/// </summary>
internal static class NumberedMessages
{
    public const int Size = 200;
    public const string Topic = "bench/messages";

    private const int NumberDigits = 9;

    /// <summary>Connects, then publishes as many messages as each line of its input says; tells each end by a line.</summary>
    public static async Task<int> PublishAsync(string[] args, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)), cancellationToken);
        byte[] connect = [0x10, 16, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 4, .. "feed"u8];
        await socket.SendAsync(connect, cancellationToken);
        for (var have = 0; have < 4;) have += await socket.ReceiveAsync(connect.AsMemory(0, 4 - have), cancellationToken);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            var count = int.Parse(line, CultureInfo.InvariantCulture);
            for (var number = 0; number < count;)
            {
                var batch = new List<byte>(256 * 1024);
                for (; number < count && batch.Count < 200 * 1024; number++) batch.AddRange(Packet(number));
                var bytes = batch.ToArray().AsMemory();
                while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }

            Console.WriteLine("done");
        }

        return 0;
    }

    /// <summary>The number of a message; -1 when it is none of ours.</summary>
    public static int NumberOf(ReadOnlySpan<byte> payload) =>
        payload.Length == Size && Utf8Parser.TryParse(payload[..NumberDigits], out int number, out var used) && used == NumberDigits
            && !payload[NumberDigits..].ContainsAnyExcept((byte)'x')
                ? number
                : -1;

    public static byte[] Payload(int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number:D9}").PadRight(Size, 'x'));

    private static byte[] Packet(int number)
    {
        var length = 2 + Topic.Length + Size;
        return [0x30, (byte)((length % 128) + 128), (byte)(length / 128), 0, (byte)Topic.Length, .. Encoding.ASCII.GetBytes(Topic), .. Payload(number)];
    }
}
