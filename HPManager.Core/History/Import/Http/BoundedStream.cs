namespace HPManager.Core.History.Import.Http;

/// <summary>A stream that ends with a fault when it is longer than it may be. Used by one caller at a time.</summary>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    private long _left = most;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        _left -= read;
        return _left >= 0 ? read : throw new ImportException("The answer is longer than it may be.");
    }
}

/// <summary>Lines of a stream, none longer than a bound.</summary>
internal sealed class LineReader(Stream stream, int longest)
{
    private const int LeastRead = 16 * 1024;
    private const byte LineEnd = (byte)'\n';

    private byte[] _buffer = new byte[4 * LeastRead];
    private int _begin;
    private int _end;

    /// <summary>The next line that is not empty; null at the end. It holds until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var looked = _begin;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf(LineEnd);
            if (at >= 0)
            {
                var line = Line(looked + at);
                _begin = looked + at + 1;
                if (!line.IsEmpty) return line;
                looked = _begin;
                continue;
            }

            looked = _end;
            var moved = MakeRoom();
            looked -= moved;
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            if (read > 0) continue;
            var rest = Line(_end);
            _begin = _end;
            if (rest.IsEmpty) return null;
            return rest;
        }
    }

    private ReadOnlyMemory<byte> Line(int end)
    {
        if (end > _begin && _buffer[end - 1] == (byte)'\r') end--;
        return _buffer.AsMemory(_begin, end - _begin);
    }

    // Returns by how much what is there was moved to the front.
    private int MakeRoom()
    {
        if (_buffer.Length - _end >= LeastRead) return 0;
        var moved = _begin;
        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        (_begin, _end) = (0, _end - moved);
        if (_buffer.Length - _end >= LeastRead) return moved;
        if (_buffer.Length >= longest) throw new ImportException($"A line of the answer is longer than {longest} bytes.");
        Array.Resize(ref _buffer, Math.Min(longest, _buffer.Length * 2));
        return moved;
    }
}
