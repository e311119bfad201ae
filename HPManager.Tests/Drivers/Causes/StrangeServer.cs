using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Tests.Drivers.Causes;

/// <summary>Something on a loopback port that need not be a heat pump: a script decides what happens to each connection.</summary>
internal sealed class StrangeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Func<Socket, CancellationToken, Task> _script;
    private readonly Task _accepting;

    private StrangeServer(Func<Socket, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Takes everything in and never answers.</summary>
    public static StrangeServer Silent() => new(DrainAsync);

    /// <summary>Closes each connection as soon as it is there.</summary>
    public static StrangeServer Closing() => new((_, _) => Task.CompletedTask);

    /// <summary>Speaks first, whoever comes.</summary>
    public static StrangeServer Greeting(byte[] greeting) => new(async (socket, stop) =>
    {
        await socket.SendAsync(greeting, stop);
        await DrainAsync(socket, stop);
    });

    /// <summary>Answers whatever comes with the same bytes, and closes.</summary>
    public static StrangeServer Answering(byte[] answer) => new(async (socket, stop) =>
    {
        await socket.ReceiveAsync(new byte[512], stop);
        await socket.SendAsync(answer, stop);
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private static async Task DrainAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[512];
        while (await socket.ReceiveAsync(buffer, stop) > 0)
        {
            // Nothing is done with it.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
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
            await _script(socket, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client closed, or the test is over.
        }
    }
}
