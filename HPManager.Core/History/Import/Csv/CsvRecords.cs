using System.Text;

namespace HPManager.Core.History.Import.Csv;

/// <summary>
/// Rows of separated values (RFC 4180, any line ends), one at a time and none longer than a bound, so that a file of any size and any content can be read. Used by
/// one caller.
/// </summary>
internal sealed class CsvRecords(TextReader text, char separator)
{
    /// <summary>Longest row, in characters.</summary>
    public const int LongestRow = 1024 * 1024;

    /// <summary>Most fields in a row.</summary>
    public const int MostFields = 4096;

    private readonly char[] _buffer = new char[64 * 1024];
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private int _position;
    private int _length;
    private long _line = 1;
    private int _rowLength;

    /// <summary>Fields of the row.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>Line that the row begins in, counted from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the row cannot be used; null when it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the row holds nothing at all.</summary>
    public bool IsEmpty => _fields.Count == 0 || (_fields.Count == 1 && _fields[0].Length == 0);

    /// <summary>Goes to the next row; false at the end.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        _fields.Clear();
        _field.Clear();
        (Fault, Line, _rowLength) = (null, _line, 0);
        var (isQuoted, wasQuoted, isAny) = (false, false, false);
        while (true)
        {
            if (_position == _length && !await FillAsync(cancellationToken))
            {
                if (!isAny) return false;
                if (isQuoted) Fault ??= "a quotation mark is not closed";
                EndField();
                return true;
            }

            isAny = true;
            var c = _buffer[_position++];
            if (c == '\n') _line++;
            if (isQuoted && Fault is null)
            {
                if (c != '"') Append(c);
                else (isQuoted, wasQuoted) = (false, true);
                continue;
            }

            if (c == '"' && (wasQuoted || _field.Length == 0))
            {
                if (wasQuoted) Append(c);
                (isQuoted, wasQuoted) = (true, false);
            }
            else if (c == separator)
            {
                EndField();
                wasQuoted = false;
            }
            else if (c == '\n')
            {
                EndField();
                return true;
            }
            else if (c != '\r')
            {
                Append(c);
                wasQuoted = false;
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _position = 0;
        _length = await text.ReadAsync(_buffer, cancellationToken);
        return _length > 0;
    }

    // What is too long is skipped up to the end of its line, quoted or not.
    private void Append(char c)
    {
        if (c == '\0') Fault ??= "it has NUL bytes";
        if (++_rowLength > LongestRow) Fault ??= $"it is longer than {LongestRow} characters";
        if (Fault is null) _field.Append(c);
    }

    private void EndField()
    {
        if (_fields.Count < MostFields) _fields.Add(_field.ToString());
        else Fault ??= $"it has more than {MostFields} fields";
        _field.Clear();
    }
}
