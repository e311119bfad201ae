using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Shared;

/// <summary>
/// Ports for servers that tests and benchmarks start. They lie below those that the system gives to connections and to listeners on port 0, so that none of these takes one
/// away before the server listens; no port is given twice in a run.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    // Two runs on one machine begin at different places.
    private static int _next = Random.Shared.Next(First, End);

    /// <summary>A port that nobody listens on now.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _next) & int.MaxValue) % (End - First));
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
