using System.Net;
using System.Net.Sockets;

namespace HPManager.Drivers.Sockets;

/// <summary>What kept a connection from being opened.</summary>
internal enum ConnectFault
{
    /// <summary>Nothing: connected.</summary>
    None,

    /// <summary>The host name has no address.</summary>
    NameNotFound,

    /// <summary>No way to the host.</summary>
    HostUnreachable,

    /// <summary>The host answers, nothing listens on the port.</summary>
    Refused,

    /// <summary>No connection within the limit.</summary>
    TimedOut,

    /// <summary>The other side broke the connection off while it was being made.</summary>
    Lost,
}

/// <summary>A connected socket that the caller owns, or why there is none.</summary>
/// <param name="Socket">Without delay for small packets; null when there is a fault.</param>
/// <param name="Fault">Kind of failure.</param>
/// <param name="Detail">What happened, for logs and support; empty on success.</param>
internal readonly record struct ConnectOutcome(Socket? Socket, ConnectFault Fault, string Detail)
{
    public static ConnectOutcome Failed(ConnectFault fault, string detail) => new(null, fault, detail);
}

/// <summary>
/// Opens TCP connections to a host by name or address, within one limit for the name and all of its addresses. One call at a time.
/// </summary>
internal sealed class TcpConnect(string host, int port, TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly RequestDeadline _deadline = new(time);
    private readonly HostAddresses _host = new(host, limit, time);

    /// <summary>Tries the host's addresses one after the other. A failure is a result; cancellation throws.</summary>
    public async ValueTask<ConnectOutcome> OpenAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (addresses, failure) = await _host.ResolveAsync(cancellationToken);
        for (var i = 0; i < addresses.Length; i++)
        {
            // A share of what is left for each address, so that a dead IPv6 route does not eat the time of the working IPv4 one.
            var share = (limit - time.GetElapsedTime(started)) / (addresses.Length - i);
            if (share <= TimeSpan.Zero) return ConnectTimedOut();
            var outcome = await ConnectAsync(addresses[i], share, cancellationToken);
            if (outcome.Socket is not null) return outcome;

            // "No route" for one address family tells less than what the other address said.
            if (failure.Fault == ConnectFault.None || outcome.Fault != ConnectFault.HostUnreachable) failure = outcome;
        }

        return failure;
    }

    public void Dispose()
    {
        _host.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<ConnectOutcome> ConnectAsync(IPAddress address, TimeSpan share, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            KeepAlive(socket);
            await socket.ConnectAsync(new IPEndPoint(address, port), _deadline.Start(share, cancellationToken));
            var connected = new ConnectOutcome(socket, ConnectFault.None, "");
            socket = null;
            return connected;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ConnectTimedOut();
        }
        catch (SocketException e)
        {
            return ConnectOutcome.Failed(FaultOf(e.SocketErrorCode), $"{address} port {port}: {e.Message}");
        }
        finally
        {
            _deadline.Stop();
            socket?.Dispose();
        }
    }

    private ConnectOutcome ConnectTimedOut() =>
        ConnectOutcome.Failed(ConnectFault.TimedOut, $"no connection to {host} port {port} within {(long)limit.TotalMilliseconds} ms");

    /// <summary>Finds a peer that vanished without a word while the line is idle; seconds.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private static ConnectFault FaultOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ConnectFault.Refused,
        SocketError.TimedOut => ConnectFault.TimedOut,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ConnectFault.Lost,
        _ => ConnectFault.HostUnreachable,
    };
}
