namespace HPManager.Drivers.Mqtt.Packets;

/// <summary>How far the bytes received reach.</summary>
internal enum PacketStep
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A packet is there.</summary>
    Whole,

    /// <summary>No packet can come of these bytes; <see cref="PacketBuffer.Failure"/> says why.</summary>
    Wrong,
}

/// <summary>
/// Collects bytes and cuts them into packets. It grows with the bytes that have come, not with those that a packet announces, up to the limit and a
/// bit. Not thread-safe.
/// </summary>
/// <param name="limit">Largest packet in bytes, its head included.</param>
internal sealed class PacketBuffer(int limit)
{
    private const int Usual = 64 * 1024;
    private const int MostLengthBytes = 4;

    private byte[] _bytes = new byte[Usual];
    private int _start;
    private int _end;

    /// <summary>Why the bytes are no packet.</summary>
    public MqttResult Failure { get; private set; }

    /// <summary>Bytes that can be held without growing.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Where the next bytes go; never empty. Ends the life of a body given before.</summary>
    public Memory<byte> Space()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length > Usual) _bytes = new byte[Usual];
        }
        else if (_end == _bytes.Length)
        {
            var have = _bytes.AsSpan(_start, _end - _start);
            if (_start < _bytes.Length / 2)
            {
                var larger = new byte[(int)Math.Min(_bytes.Length * 2L, (long)limit + Usual)];
                have.CopyTo(larger);
                _bytes = larger;
            }
            else
            {
                have.CopyTo(_bytes);
            }

            _end = have.Length;
            _start = 0;
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Takes note of bytes written to <see cref="Space"/>.</summary>
    public void Take(int count) => _end += count;

    /// <summary>Cuts the next packet off.</summary>
    /// <param name="first">Type and flags.</param>
    /// <param name="body">What follows the length; lives until <see cref="Space"/> is called.</param>
    public PacketStep Next(out byte first, out ReadOnlySpan<byte> body)
    {
        first = 0;
        body = default;
        var have = _bytes.AsSpan(_start, _end - _start);
        if (have.IsEmpty) return PacketStep.Incomplete;
        first = have[0];
        if (ServerPackets.ProblemOf(first) is { IsSuccess: false } problem) return Wrong(problem);
        var length = 0L;
        var at = 1;
        while (true)
        {
            if (at > MostLengthBytes) return Wrong(new(MqttFault.Malformed, "a length of more than 4 bytes"));
            if (at >= have.Length) return PacketStep.Incomplete;
            var digit = have[at];
            length |= (long)(digit & 0x7F) << (7 * (at - 1));
            at++;
            if (digit < 0x80) break;
        }

        if (at + length > limit) return Wrong(new(MqttFault.TooLarge, $"a packet of {at + length} bytes, {limit} are allowed"));
        if (ServerPackets.ProblemOfLength(first, length) is { IsSuccess: false } wrongLength) return Wrong(wrongLength);
        if (have.Length < at + length) return PacketStep.Incomplete;
        body = have.Slice(at, (int)length);
        _start += at + (int)length;
        return PacketStep.Whole;
    }

    private PacketStep Wrong(MqttResult failure)
    {
        Failure = failure;
        return PacketStep.Wrong;
    }
}
