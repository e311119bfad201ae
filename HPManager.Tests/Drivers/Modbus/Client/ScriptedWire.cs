using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Client.Wire;

namespace HPManager.Tests.Drivers.Modbus.Client;

/// <summary>A wire in memory: what is sent is kept, what is received is handed out in the pieces given, then it ends.</summary>
internal sealed class ScriptedWire : IModbusWire
{
    private readonly Queue<byte[]> _pieces = [];
    private readonly List<byte> _delivered = [];

    public bool IsOpen { get; private set; }

    /// <summary>The last frame sent.</summary>
    public byte[] Sent { get; private set; } = [];

    /// <summary>What the client has taken of the answer to the last frame sent.</summary>
    public byte[] Delivered => [.. _delivered];

    public required Func<byte[], IEnumerable<byte[]>> Answer { get; set; }

    public WireIdle PeekIdle() => _pieces.Count == 0 ? WireIdle.Quiet : WireIdle.BytesWaiting;

    public ValueTask<ModbusResult> OpenAsync(CancellationToken cancellationToken)
    {
        IsOpen = true;
        _pieces.Clear();
        return new(ModbusResult.Success);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Sent = bytes.ToArray();
        _delivered.Clear();
        foreach (var piece in Answer(Sent)) _pieces.Enqueue(piece);
        return new(bytes.Length);
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_pieces.TryDequeue(out var piece)) return new(0);
        Assert.True(piece.Length <= buffer.Length, "the client must always have room for more than the longest frame");
        piece.CopyTo(buffer);
        _delivered.AddRange(piece);
        return new(piece.Length);
    }

    public void Close() => IsOpen = false;

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }
}
