using System.Net.Sockets;
using HPManager.Drivers.Sockets;

namespace HPManager.Drivers.Modbus.Client.Wire;

/// <summary>A TCP connection that can be reopened.</summary>
internal sealed class SocketWire(string host, int port, TimeSpan connectTimeout, TimeProvider time) : IModbusWire
{
    private readonly TcpConnect _connect = new(host, port, connectTimeout, time);
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
        var outcome = await _connect.OpenAsync(cancellationToken);
        _socket = outcome.Socket;
        return outcome.Fault == ConnectFault.None ? ModbusResult.Success : ModbusResult.Failed(FaultOf(outcome.Fault), outcome.Detail);
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

    public ValueTask DisposeAsync()
    {
        Close();
        _connect.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ModbusFault FaultOf(ConnectFault fault) => fault switch
    {
        ConnectFault.NameNotFound => ModbusFault.NameNotFound,
        ConnectFault.Refused => ModbusFault.ConnectionRefused,
        ConnectFault.TimedOut => ModbusFault.ConnectTimeout,
        ConnectFault.Lost => ModbusFault.ConnectionLost,
        _ => ModbusFault.HostUnreachable,
    };
}
