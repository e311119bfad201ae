using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Modbus.Client.Wire;

/// <summary>
/// Datagrams to and from one address. A lost one shows as a timeout. One that comes late or twice is not taken for the next answer: it carries its
/// request's number, and every reopening takes a new port that it cannot reach.
/// </summary>
internal sealed class UdpWire(string host, int port, TimeSpan limit, TimeProvider time) : IModbusWire
{
    private readonly HostAddresses _host = new(host, limit, time);
    private volatile Socket? _socket;

    public bool IsOpen => _socket is not null;

    private Socket Open => _socket ?? throw new IOException("the socket is closed");

    public WireIdle PeekIdle()
    {
        try
        {
            return Open.Poll(TimeSpan.Zero, SelectMode.SelectRead) ? WireIdle.BytesWaiting : WireIdle.Quiet;
        }
        catch (SocketException)
        {
            return WireIdle.Ended;
        }
    }

    public async ValueTask<ModbusResult> OpenAsync(CancellationToken cancellationToken)
    {
        var (addresses, failure) = await _host.ResolveAsync(cancellationToken);
        if (failure.Fault != ConnectFault.None)
            return ModbusResult.Failed(failure.Fault == ConnectFault.TimedOut ? ModbusFault.ConnectTimeout : ModbusFault.NameNotFound, failure.Detail);
        var reason = "";
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                // Sends nothing: it fixes whose datagrams are taken, and fails where there is no route.
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                _socket = socket;
                return ModbusResult.Success;
            }
            catch (SocketException unreachable)
            {
                socket.Dispose();
                reason = $"{address} port {port}: {unreachable.Message}";
            }
        }

        return ModbusResult.Failed(ModbusFault.HostUnreachable, reason);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Open.SendAsync(bytes, SocketFlags.None, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // An empty datagram is no end.
        int count;
        while ((count = await Open.ReceiveAsync(buffer, SocketFlags.None, cancellationToken)) == 0)
        {
        }

        return count;
    }

    public void Close()
    {
        var socket = _socket;
        _socket = null;
        socket?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        _host.Dispose();
        return ValueTask.CompletedTask;
    }
}
