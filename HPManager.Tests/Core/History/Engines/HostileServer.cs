using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>Takes connections and does with each what the test wants, after having read the head of a request.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _behave;
    private readonly Task _taking;
    private int _requests;

    public HostileServer(Func<NetworkStream, CancellationToken, Task> behave)
    {
        _behave = behave;
        _listener.Start();
        _taking = TakeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => FormattableString.Invariant($"http://127.0.0.1:{Port}");

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers every request with the same text, and closes.</summary>
    public static HostileServer Saying(string answer) => new(async (stream, ct) => await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), ct));

    /// <summary>Answers with a status, a header and a body.</summary>
    public static HostileServer Answering(string status, string header = "X-Nothing: 1", string body = "") =>
        Saying(FormattableString.Invariant($"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _taking;
        _stopping.Dispose();
    }

    private async Task TakeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var buffer = new byte[64 * 1024];
            _ = await stream.ReadAsync(buffer, _stopping.Token);
            Interlocked.Increment(ref _requests);
            await _behave(stream, _stopping.Token);

            // What the other side still sends is taken, so that closing is no reset that takes the answer with it.
            socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(buffer, _stopping.Token) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The other side left, or the test is over.
        }
    }
}
