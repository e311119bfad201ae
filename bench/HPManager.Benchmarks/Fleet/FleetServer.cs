using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Benchmarks.Fleet;

/// <summary>How one endpoint of the fleet behaves.</summary>
internal enum Behaviour
{
    /// <summary>Answers after the delay.</summary>
    Answers,

    /// <summary>Takes requests and never answers.</summary>
    Silent,

    /// <summary>Closes with a reset when asked.</summary>
    Resets,

    /// <summary>Answers with bytes that are no Modbus.</summary>
    Garbage,
}

/// <summary>
/// Many Modbus TCP devices in a process of their own: one port each on 127.0.0.1, every register read answered after a delay with
/// values that change each second. Run as <c>serve-fleet COUNT DELAY-MS [silent,resets,garbage]</c>; prints the first port when it
/// listens, and ends when its standard input ends. Frames are written here by hand, on purpose without the product's client.
/// </summary>
internal static class FleetServer
{
    private const int MbapLength = 7;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = int.Parse(args[0], CultureInfo.InvariantCulture);
        var delay = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture));
        var faults = args.Length > 2 ? args[2].Split(',').Select(name => Enum.Parse<Behaviour>(name, ignoreCase: true)).ToArray() : [];
        var (firstPort, listeners) = ListenOnConsecutivePorts(count);
        for (var index = 0; index < count; index++)
            _ = AcceptAsync(listeners[index], delay, index < faults.Length ? faults[index] : Behaviour.Answers);
        await Console.Out.WriteLineAsync(firstPort.ToString(CultureInfo.InvariantCulture));
        await Console.Out.FlushAsync();
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is said on it: its end is the sign to stop.
        }

        return 0;
    }

    private static (int FirstPort, List<Socket> Listeners) ListenOnConsecutivePorts(int count)
    {
        for (var first = 20_000; first < 60_000; first += count)
        {
            var listeners = new List<Socket>(count);
            try
            {
                for (var port = first; port < first + count; port++)
                {
                    var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    listeners.Add(listener);
                    listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
                    listener.Listen(4);
                }

                return (first, listeners);
            }
            catch (SocketException)
            {
                listeners.ForEach(listener => listener.Dispose());
            }
        }

        throw new InvalidOperationException($"No {count} free consecutive ports.");
    }

    private static async Task AcceptAsync(Socket listener, TimeSpan delay, Behaviour behaviour)
    {
        while (true)
        {
            var client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = ServeAsync(client, delay, behaviour);
        }
    }

    private static async Task ServeAsync(Socket client, TimeSpan delay, Behaviour behaviour)
    {
        using var _ = client;
        var request = new byte[MbapLength + 5];
        var answer = new byte[MbapLength + 2 + 250];
        try
        {
            while (await ReadExactlyAsync(client, request))
            {
                switch (behaviour)
                {
                    case Behaviour.Silent:
                        continue;
                    case Behaviour.Resets:
                        client.LingerState = new LingerOption(enable: true, seconds: 0);
                        return;
                    case Behaviour.Garbage:
                        await client.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
                        continue;
                    default:
                        if (delay > TimeSpan.Zero) await Task.Delay(delay);
                        await client.SendAsync(Answer(request, answer));
                        continue;
                }
            }
        }
        catch (SocketException)
        {
            // The client went away.
        }
    }

    private static ReadOnlyMemory<byte> Answer(byte[] request, byte[] answer)
    {
        var start = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(8));
        var words = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(10));
        request.AsSpan(0, 4).CopyTo(answer);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), (ushort)(3 + (words * 2)));
        answer[6] = request[6];
        answer[7] = request[7];
        answer[8] = (byte)(words * 2);
        var second = (ushort)DateTime.UtcNow.Second;
        for (var word = 0; word < words; word++) BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(9 + (word * 2)), (ushort)(second + start + word));
        return answer.AsMemory(0, 9 + (words * 2));
    }

    private static async Task<bool> ReadExactlyAsync(Socket client, Memory<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await client.ReceiveAsync(buffer[filled..]);
            if (read == 0) return false;
            filled += read;
        }

        return true;
    }
}
