using System.Net.Sockets;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>
/// Question and answer over one open connection, one after the other: the next question is sent when the last answer is complete, because the stream
/// has no marks by which the two could be told apart. Closing is up to the owner, and due after any failure.
/// </summary>
internal sealed class LuxtronikConnection(
    Socket socket, AnswerReader reader, RequestDeadline deadline, LuxtronikEndpoint endpoint, TimeProvider time, long started, TimeSpan limit) : IDisposable
{
    private bool _hasAnswered;

    public async ValueTask<LuxtronikResult> ExchangeAsync(ReadOnlyMemory<byte> request, LuxtronikCommand command, int index, CancellationToken cancellationToken)
    {
        try
        {
            if (socket.Available > 0) return Surplus(command);
            var sending = await SendAsync(request, cancellationToken);
            if (!sending.IsSuccess) return sending;
            reader.Begin(command, index);
            while (!reader.IsComplete)
            {
                var received = await ReceiveAsync(reader.Space, cancellationToken);
                if (received < 0) return Failed(LuxtronikFault.Timeout, $"no whole answer to {(int)command} in time");
                if (received == 0) return Failed(LuxtronikFault.ConnectionLost, $"the controller closed the connection before the answer to {(int)command} was whole");
                reader.Take(received);
                _hasAnswered |= reader.HasEcho;
                if (reader.Fault != LuxtronikFault.None) return Failed(reader.Fault, reader.Detail);
            }

            return socket.Available > 0 ? Surplus(command) : LuxtronikResult.Success;
        }
        catch (SocketException e)
        {
            return Failed(LuxtronikFault.ConnectionLost, $"the connection broke during {(int)command}: {e.Message}");
        }
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<LuxtronikResult> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (!request.IsEmpty)
        {
            var sent = await WithinAsync(token => socket.SendAsync(request, SocketFlags.None, token), cancellationToken);
            if (sent < 0) return Failed(LuxtronikFault.Timeout, "the controller takes nothing in");
            request = request[sent..];
        }

        return LuxtronikResult.Success;
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> space, CancellationToken cancellationToken) =>
        WithinAsync(token => socket.ReceiveAsync(space, SocketFlags.None, token), cancellationToken);

    /// <summary>Gives -1 when it takes longer than a silence may last, or than is left of the whole.</summary>
    private async ValueTask<int> WithinAsync(Func<CancellationToken, ValueTask<int>> transfer, CancellationToken cancellationToken)
    {
        var left = limit - time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero) return -1;
        try
        {
            return await transfer(deadline.Start(left < endpoint.IdleTimeout ? left : endpoint.IdleTimeout, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return -1;
        }
        finally
        {
            deadline.Stop();
        }
    }

    private LuxtronikResult Surplus(LuxtronikCommand command) => Failed(LuxtronikFault.Surplus, $"there are bytes around the answer to {(int)command} that nobody asked for");

    private LuxtronikResult Failed(LuxtronikFault fault, string detail) => LuxtronikResult.Failed(fault, detail, _hasAnswered);
}
