using System.Runtime.CompilerServices;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>
/// Codes bits by their probability. Encoder and decoder take the same calls, so that a model is written once: the encoder is told the bit and gives it back,
/// the decoder ignores what it is told and gives back what it found.
/// </summary>
internal interface IBitCoder
{
    bool Code(ref AdaptiveBit model, bool bit);

    ulong CodeEven(ulong bits, int count);
}

/// <summary>
/// How likely a bit is 0, learned from the bits before it: the estimate moves by 1/(n + 1.5) after n bits (Krichevsky–Trofimov) until n reaches a limit,
/// then by that share, so that it follows changes.
/// </summary>
internal struct AdaptiveBit
{
    private const int Limit = 160;
    private static readonly ushort[] Shares = [.. Enumerable.Range(0, Limit + 1).Select(n => (ushort)(65536 / (n + 1.6)))];

    private ushort _zero;
    private byte _seen;

    public static AdaptiveBit Even => new() { _zero = 32768 };

    /// <summary>Probability of 0 in 1/65536, 24 to 65512.</summary>
    public readonly uint Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Clamp(_zero, (ushort)24, (ushort)65512);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(bool bit)
    {
        var target = bit ? 0 : 65535;
        _zero = (ushort)(_zero + (((target - _zero) * Shares[_seen]) >> 16));
        if (_seen < Limit) _seen++;
    }
}

/// <summary>Binary range encoder with carry propagation (G. N. N. Martin 1979; in the form of LZMA).</summary>
internal struct RangeEncoder(ByteWriter output) : IBitCoder
{
    private const uint Least = 1u << 24;
    private ulong _low;
    private uint _range = uint.MaxValue;
    private byte _held;
    private int _pending = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Code(ref AdaptiveBit model, bool bit)
    {
        var bound = (_range >> 16) * model.Zero;
        if (bit)
        {
            _low += bound;
            _range -= bound;
        }
        else
        {
            _range = bound;
        }

        model.Learn(bit);
        while (_range < Least)
        {
            _range <<= 8;
            Shift();
        }

        return bit;
    }

    public ulong CodeEven(ulong bits, int count)
    {
        for (var position = count - 1; position >= 0; position--)
        {
            _range >>= 1;
            if (((bits >> position) & 1) != 0) _low += _range;
            while (_range < Least)
            {
                _range <<= 8;
                Shift();
            }
        }

        return bits;
    }

    /// <summary>Writes what is still held back; nothing may be coded behind it.</summary>
    public void Finish()
    {
        // So few bytes that any continuation decodes the same: the reader fills up with zeros.
        var end = _low + _range - 1;
        for (var kept = 56; kept > 0; kept -= 8)
        {
            var rounded = end >> kept << kept;
            if (rounded < _low) continue;
            _low = rounded;
            break;
        }

        for (var count = 0; count < 5; count++) Shift();
    }

    private void Shift()
    {
        if (_low is < 0xFF000000u or > uint.MaxValue)
        {
            var carry = (byte)(_low >> 32);
            for (; _pending > 0; _pending--)
            {
                output.Byte((byte)(_held + carry));
                _held = 0xFF;
            }

            _held = (byte)(_low >> 24);
        }

        _pending++;
        _low = (uint)_low << 8;
    }
}

/// <summary>Reads what <see cref="RangeEncoder"/> wrote, without its first byte, which is always zero.</summary>
internal ref struct RangeDecoder : IBitCoder
{
    private const uint Least = 1u << 24;
    private readonly ReadOnlySpan<byte> _input;
    private int _next;
    private uint _range = uint.MaxValue;
    private uint _code;

    public RangeDecoder(ReadOnlySpan<byte> input)
    {
        _input = input;
        for (var count = 0; count < sizeof(uint); count++) _code = (_code << 8) | Next();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Code(ref AdaptiveBit model, bool bit)
    {
        var bound = (_range >> 16) * model.Zero;
        var found = _code >= bound;
        if (found)
        {
            _code -= bound;
            _range -= bound;
        }
        else
        {
            _range = bound;
        }

        model.Learn(found);
        while (_range < Least) Fill();
        return found;
    }

    public ulong CodeEven(ulong bits, int count)
    {
        var found = 0UL;
        for (; count > 0; count--)
        {
            _range >>= 1;
            var bit = _code >= _range;
            if (bit) _code -= _range;
            found = (found << 1) | (bit ? 1UL : 0);
            while (_range < Least) Fill();
        }

        return found;
    }

    private void Fill()
    {
        _range <<= 8;
        _code = (_code << 8) | Next();
    }

    // Zeros at the end are not kept.
    private uint Next() => _next < _input.Length ? _input[_next++] : 0u;
}
