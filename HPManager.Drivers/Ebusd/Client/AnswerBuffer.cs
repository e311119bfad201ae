using System.Text;

namespace HPManager.Drivers.Ebusd.Client;

/// <summary>
/// Puts one answer together: lines, then an empty line. Bounded: whatever is too long, or is no text, is a fault as soon as it is seen. One user at a time.
/// </summary>
internal sealed class AnswerBuffer(int maxAnswer, int maxLine)
{
    private const byte LineFeed = (byte)'\n';
    private const int FirstSize = 4096;

    private byte[] _bytes = new byte[FirstSize];
    private int _count;
    private int _lineStart;
    private int _end;

    /// <summary>Whether the empty line has come.</summary>
    public bool IsComplete => _end > 0;

    /// <summary>Whether there are bytes behind the empty line.</summary>
    public bool HasSurplus => IsComplete && _count > _end;

    /// <summary>Whether anything has come.</summary>
    public bool IsEmpty => _count == 0;

    public EbusdFault Fault { get; private set; }

    /// <summary>Where to receive to. Never empty.</summary>
    public Memory<byte> Space
    {
        get
        {
            if (_count == _bytes.Length) Array.Resize(ref _bytes, Math.Min(_bytes.Length * 2, maxAnswer + 1));
            return _bytes.AsMemory(_count);
        }
    }

    /// <summary>Forgets the last answer.</summary>
    public void Begin()
    {
        // One huge inventory must not keep its memory for ever.
        if (_bytes.Length > maxAnswer / 4) _bytes = new byte[FirstSize];
        (_count, _lineStart, _end, Fault) = (0, 0, 0, EbusdFault.None);
    }

    /// <summary>Takes in bytes that were received into <see cref="Space"/>.</summary>
    public void Take(int received)
    {
        var limit = _count + received;
        for (; _count < limit && Fault == EbusdFault.None && !IsComplete; _count++) Take(_bytes[_count]);
        _count = limit;
    }

    /// <summary>The lines of a complete answer. Bytes that are no UTF-8 become a replacement character, so that a damaged text costs that value only.</summary>
    public IReadOnlyList<string> Lines()
    {
        var text = Encoding.UTF8.GetString(_bytes, 0, Math.Max(0, _end - 2));
        return _end <= 2 && text.Length == 0 ? [] : text.Split('\n');
    }

    private void Take(byte next)
    {
        if (next == LineFeed)
        {
            if (_lineStart == _count && _count > 0) _end = _count + 1;
            _lineStart = _count + 1;
        }
        else if (next is < 0x20 and not (byte)'\t' or 0x7f)
        {
            Fault = EbusdFault.NotText;
        }
        else if (_count - _lineStart >= maxLine || _count >= maxAnswer)
        {
            Fault = EbusdFault.TooLong;
        }
    }
}
