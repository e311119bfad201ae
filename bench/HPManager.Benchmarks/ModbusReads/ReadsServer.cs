using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Benchmarks.ModbusReads;

/// <summary>
/// The neutral server of the comparison: answers every request with the same 125 registers as fast as blocking sockets can, a
/// thread per connection. Takes part in no client's code. Prints its port, and ends when its standard input ends.
/// </summary>
internal static class ReadsServer
{
    public const int Registers = 125;
    private const int RequestLength = 12;

    /// <summary>What the registers mean together: each is a signed number of tenths.</summary>
    public static double Sum => Enumerable.Range(0, Registers).Sum(index => Register(index) * 0.1);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0);
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            // Nothing is said on it: its end is the sign to stop.
        }

        return 0;
    }

    /// <summary>Both signs, no two alike, so that a wrong order or a lost sign changes the sum of what is decoded.</summary>
    private static short Register(int index) => (short)((index * 523) - 32500);

    private static void Accept(TcpListener listener)
    {
        while (true)
        {
            var socket = listener.AcceptSocket();
            socket.NoDelay = true;
            new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket)
    {
        var request = new byte[RequestLength];
        byte[] answer =
        [
            0, 0, 0, 0, 0, 3 + (2 * Registers), 1, 3, 2 * Registers,
            .. Enumerable.Range(0, Registers).SelectMany(index => new[] { (byte)(Register(index) >> 8), (byte)Register(index) }),
        ];
        using (socket)
        {
            try
            {
                while (Receive(socket, request))
                {
                    request.AsSpan(0, 2).CopyTo(answer);
                    socket.Send(answer);
                }
            }
            catch (SocketException)
            {
                // The client has gone.
            }
        }
    }

    private static bool Receive(Socket socket, Span<byte> request)
    {
        while (request.Length > 0)
        {
            var count = socket.Receive(request);
            if (count == 0) return false;
            request = request[count..];
        }

        return true;
    }
}
