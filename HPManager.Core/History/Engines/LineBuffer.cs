using System.Buffers;
using System.Globalization;
using HPManager.Core.Text;

namespace HPManager.Core.History.Engines;

/// <summary>Where a line comes from.</summary>
/// <param name="Poll">Position of the poll in the batch.</param>
/// <param name="Series">Position of the sensor; null for a line of the whole poll.</param>
internal readonly record struct LineOrigin(int Poll, int? Series);

/// <summary>Lines of line protocol in one buffer that is used again and again. Not thread-safe.</summary>
internal sealed class LineBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<(int End, LineOrigin Origin)> _lines = [];

    /// <summary>How many lines there are.</summary>
    public int Count => _lines.Count;

    /// <summary>How many bytes they have.</summary>
    public int Size => _bytes.WrittenCount;

    /// <summary>Some of the lines.</summary>
    public ReadOnlyMemory<byte> Lines(int from, int to)
    {
        var start = from == 0 ? 0 : _lines[from - 1].End;
        return _bytes.WrittenMemory[start.._lines[to - 1].End];
    }

    /// <summary>Where a line comes from.</summary>
    public LineOrigin OriginOf(int line) => _lines[line].Origin;

    /// <summary>Forgets all lines.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _lines.Clear();
    }

    /// <summary>Text of a line.</summary>
    public void Write(ReadOnlySpan<byte> text) => _bytes.Write(text);

    /// <summary>A number in its shortest form that reads back as the same bits.</summary>
    public void Write(double value)
    {
        _bytes.Advance(NumberText.Write(value, _bytes.GetSpan(NumberText.Longest)));
    }

    /// <summary>A whole number.</summary>
    public void Write(long value)
    {
        value.TryFormat(_bytes.GetSpan(NumberText.Longest), out var written, default, CultureInfo.InvariantCulture);
        _bytes.Advance(written);
    }

    /// <summary>Ends a line.</summary>
    public void End(LineOrigin origin)
    {
        Write("\n"u8);
        _lines.Add((_bytes.WrittenCount, origin));
    }
}
