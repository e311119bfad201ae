using System.Threading.Channels;

namespace HPManager.Drivers.Mqtt.Wire;

/// <summary>Bytes that wait to be written, put there by any thread, taken by one writer. Bounded.</summary>
/// <param name="limit">Most bytes that wait; one packet more is taken when nothing waits.</param>
internal sealed class SendBuffer(int limit)
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _filled = Channel.CreateBounded<bool>(1);
    private byte[] _waiting = new byte[4096];
    private byte[] _spare = new byte[4096];
    private int _count;
    private bool _isClosed;

    /// <summary>Adds a packet whole or not at all.</summary>
    /// <returns>Whether there was room, and the connection still takes bytes.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            if (_isClosed || (_count > 0 && _count + (long)packet.Length > limit)) return false;
            if (_count + packet.Length > _waiting.Length) Array.Resize(ref _waiting, Math.Max(_waiting.Length * 2, _count + packet.Length));
            packet.CopyTo(_waiting.AsSpan(_count));
            _count += packet.Length;
        }

        _filled.Writer.TryWrite(item: true);
        return true;
    }

    /// <summary>Takes nothing more; what waits is still given out.</summary>
    public void Close()
    {
        lock (_lock) _isClosed = true;
        _filled.Writer.TryComplete();
    }

    /// <summary>Waits for bytes. They live until the next call.</summary>
    /// <returns>Nothing when the buffer is closed and everything was given out.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var isOpen = await _filled.Reader.WaitToReadAsync(cancellationToken);
            _filled.Reader.TryRead(out _);
            lock (_lock)
            {
                if (_count > 0)
                {
                    var taken = _waiting.AsMemory(0, _count);
                    (_waiting, _spare, _count) = (_spare, _waiting, 0);
                    return taken;
                }
            }

            if (!isOpen) return default;
        }
    }
}
