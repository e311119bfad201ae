using System.Buffers.Binary;

namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>
/// Takes the bytes of one answer as they come and says how many may be taken next: never one beyond the end of the answer, which follows from
/// counting alone. Room for entries is made as their bytes arrive, so that a huge count costs nothing: at most <see cref="MaxBuffer"/> bytes
/// in all. Anything that does not fit the request is a fault, after which the stream is worthless. One owner.
/// </summary>
internal sealed class AnswerReader
{
    /// <summary>Most parameters that are believed; the newest firmware has about 1,200.</summary>
    public const int MaxParameters = 4000;

    /// <summary>Most calculations or visibilities that are believed; the newest firmware has about 400.</summary>
    public const int MaxOthers = 2000;

    /// <summary>Most bytes ever held.</summary>
    public const int MaxBuffer = ShortHeader + (MaxParameters * sizeof(int));

    private const int FirstBuffer = 4096;
    private const int ShortHeader = 8;
    private const int LongHeader = 12;

    private LuxtronikCommand _command;
    private int _index;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _have;
    private int _header;
    private int _end;

    /// <summary>Where the next bytes belong; its length is the most that may be received. Empty after the end and after a fault.</summary>
    public Memory<byte> Space => _buffer.AsMemory(_have, Math.Min(_end, _buffer.Length) - _have);

    /// <summary>What is wrong; <see cref="LuxtronikFault.None"/> while nothing is.</summary>
    public LuxtronikFault Fault { get; private set; }

    /// <summary>What is wrong, in words.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Whether the whole answer is there.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the answer began with the right command.</summary>
    public bool HasEcho { get; private set; }

    /// <summary>Bytes held now; for the bound under test.</summary>
    internal int Capacity => _buffer.Length;

    private ReadOnlySpan<byte> Entries => _buffer.AsSpan(_header, _end - _header);

    /// <summary>Forgets the last answer and expects one to this command.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="index">The parameter that is being written; without meaning for reads.</param>
    public void Begin(LuxtronikCommand command, int index = 0)
    {
        _command = command;
        _index = index;
        _have = 0;
        _header = command == LuxtronikCommand.ReadCalculations ? LongHeader : ShortHeader;
        _end = _header;
        Fault = LuxtronikFault.None;
        Detail = "";
        IsComplete = false;
        HasEcho = false;
    }

    /// <summary>Takes in bytes that were put at the beginning of <see cref="Space"/>.</summary>
    public void Take(int count)
    {
        var before = _have;
        _have += count;
        if (before < sizeof(int) && _have >= sizeof(int)) CheckEcho();
        if (Fault == LuxtronikFault.None && before < ShortHeader && _have >= ShortHeader) CheckSecondWord();
        if (Fault == LuxtronikFault.None && _header == LongHeader && before < LongHeader && _have >= LongHeader) TakeCount(Word(ShortHeader), MaxOthers, sizeof(int));
        if (Fault != LuxtronikFault.None) return;
        IsComplete = _have == _end;
        if (_have == _buffer.Length && !IsComplete) Array.Resize(ref _buffer, Math.Min(_end, _buffer.Length * 2));
    }

    /// <summary>The entries of a complete block of 32-bit numbers.</summary>
    public int[] Integers()
    {
        var integers = new int[Entries.Length / sizeof(int)];
        for (var i = 0; i < integers.Length; i++) integers[i] = BinaryPrimitives.ReadInt32BigEndian(Entries[(i * sizeof(int))..]);
        return integers;
    }

    /// <summary>The entries of a complete block of single bytes.</summary>
    public byte[] Bytes() => Entries.ToArray();

    private int Word(int offset) => BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(offset));

    private void CheckEcho()
    {
        HasEcho = Word(0) == (int)_command;
        if (!HasEcho) Fail(LuxtronikFault.WrongEcho, $"the answer to {(int)_command} begins with {Word(0)}");
    }

    private void CheckSecondWord()
    {
        var word = Word(sizeof(int));
        switch (_command)
        {
            case LuxtronikCommand.WriteParameter:
                if (word != _index) Fail(LuxtronikFault.WrongEcho, $"parameter {_index} was written, the answer names {word}");
                break;
            case LuxtronikCommand.ReadParameters:
                TakeCount(word, MaxParameters, sizeof(int));
                break;
            case LuxtronikCommand.ReadVisibilities:
                TakeCount(word, MaxOthers, sizeof(byte));
                break;
            default:
                if (word > 0) Fail(LuxtronikFault.Busy, $"the controller is busy (status {word})");
                else if (word < 0) Fail(LuxtronikFault.BadLength, $"the status is {word}");
                break;
        }
    }

    private void TakeCount(int count, int most, int size)
    {
        if (count < 1 || count > most) Fail(LuxtronikFault.BadLength, $"the answer to {(int)_command} announces {count} entries; 1 to {most} are possible");
        else _end = _header + (count * size);
    }

    private void Fail(LuxtronikFault fault, string detail)
    {
        Fault = fault;
        Detail = detail;
        _end = _have;
    }
}
