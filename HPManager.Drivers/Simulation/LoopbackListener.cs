using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HPManager.Drivers.Simulation;

/// <summary>Lets clients in on 127.0.0.1 and serves each on its own until it or the server goes away. Thread-safe.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Task> _clients = new();
    private readonly Func<bool> _isForOne;
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="port">Port; 0 for a free one.</param>
    /// <param name="isForOne">Whether further clients are turned away while one is there.</param>
    /// <param name="serve">Serves one client; its end is the connection's.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public LoopbackListener(int port, Func<bool> isForOne, Func<Socket, CancellationToken, Task> serve)
    {
        _isForOne = isForOne;
        _serve = serve;
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen(16);
            Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        }
        catch
        {
            _listener.Dispose();
            _stop.Dispose();
            throw;
        }

        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Connections open now.</summary>
    public int ClientCount => _clients.Count;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var client in _clients.Keys) client.Dispose();
        await Task.WhenAll(_clients.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            if (_isForOne() && !_clients.IsEmpty)
            {
                client.Dispose();
                continue;
            }

            client.NoDelay = true;
            var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _clients[client] = served.Task;
            _ = ServeAsync(client, served);
        }
    }

    private async Task ServeAsync(Socket client, TaskCompletionSource served)
    {
        try
        {
            await _serve(client, _stop.Token);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client or the server went away.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            client.Dispose();
            served.SetResult();
        }
    }
}
