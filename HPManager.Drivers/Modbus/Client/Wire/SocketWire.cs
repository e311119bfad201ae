using System.Net;
using System.Net.Sockets;

namespace HPManager.Drivers.Modbus.Client.Wire;

/// <summary>A TCP connection that can be reopened.</summary>
internal sealed class SocketWire(string host, int port, TimeSpan connectTimeout, TimeProvider time) : IModbusWire
{
    private readonly RequestDeadline _deadline = new(time);
    private volatile Socket? _socket;

    public bool IsOpen => _socket is not null;

    private Socket Open => _socket ?? throw new IOException("the connection is closed");

    public WireIdle PeekIdle()
    {
        try
        {
            if (!Open.Poll(TimeSpan.Zero, SelectMode.SelectRead)) return WireIdle.Quiet;
            return Open.Available > 0 ? WireIdle.BytesWaiting : WireIdle.Ended;
        }
        catch (SocketException)
        {
            return WireIdle.Ended;
        }
    }

    public async ValueTask<ModbusResult> OpenAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (addresses, failure) = await ResolveAsync(cancellationToken);
        for (var i = 0; i < addresses.Length; i++)
        {
            // A share of what is left for each address, so that a dead IPv6 route does not eat the time of the working IPv4 one.
            var share = (connectTimeout - time.GetElapsedTime(started)) / (addresses.Length - i);
            if (share <= TimeSpan.Zero) return ConnectTimedOut();
            var outcome = await ConnectAsync(addresses[i], share, cancellationToken);
            if (outcome.IsSuccess) return outcome;

            // "No route" for one address family tells less than what the other address said.
            if (failure.IsSuccess || outcome.Fault != ModbusFault.HostUnreachable) failure = outcome;
        }

        return failure;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Open.SendAsync(bytes, SocketFlags.None, cancellationToken);

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Open.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    public void Close()
    {
        var socket = _socket;
        _socket = null;
        socket?.Dispose();
    }

    public void Dispose()
    {
        Close();
        _deadline.Dispose();
    }

    private async ValueTask<(IPAddress[] Addresses, ModbusResult Failure)> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return ([literal], default);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, _deadline.Start(connectTimeout, cancellationToken));
            return addresses.Length > 0 ? (addresses, default) : ([], NameNotFound());
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ([], ModbusResult.Failed(ModbusFault.ConnectTimeout, $"no address for {host} within {Milliseconds(connectTimeout)}"));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return ([], NameNotFound());
        }
        finally
        {
            _deadline.Stop();
        }

        ModbusResult NameNotFound() => ModbusResult.Failed(ModbusFault.NameNotFound, $"no address known for the name {host}");
    }

    private async ValueTask<ModbusResult> ConnectAsync(IPAddress address, TimeSpan limit, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            KeepAlive(socket);
            await socket.ConnectAsync(new IPEndPoint(address, port), _deadline.Start(limit, cancellationToken));
            _socket = socket;
            socket = null;
            return ModbusResult.Success;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ConnectTimedOut();
        }
        catch (SocketException e)
        {
            return ModbusResult.Failed(FaultOf(e.SocketErrorCode), $"{address} port {port}: {e.Message}");
        }
        finally
        {
            _deadline.Stop();
            socket?.Dispose();
        }
    }

    private ModbusResult ConnectTimedOut() =>
        ModbusResult.Failed(ModbusFault.ConnectTimeout, $"no connection to {host} port {port} within {Milliseconds(connectTimeout)}");

    /// <summary>Finds a peer that vanished without a word while the line is idle; seconds.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private static ModbusFault FaultOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ModbusFault.ConnectionRefused,
        SocketError.TimedOut => ModbusFault.ConnectTimeout,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => ModbusFault.ConnectionLost,
        _ => ModbusFault.HostUnreachable,
    };

    private static string Milliseconds(TimeSpan span) => $"{(long)span.TotalMilliseconds} ms";
}
