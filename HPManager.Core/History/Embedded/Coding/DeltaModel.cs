using System.Numerics;
using System.Runtime.CompilerServices;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>
/// What is expected of the next difference, after those before it: whether it is zero, its sign, how many bits its size has and its upper bits, each with contexts of its own.
/// The size is coded as an Elias gamma code whose bits are adaptive (as CABAC does, Marpe et al. 2003). One user at a time.
/// </summary>
internal sealed class DeltaModel
{
    private const int Classes = 4;
    private const int Calms = 4;
    private const int Lengths = 66;
    private const int LengthContexts = 12;
    private const int UpperBits = 2;

    private readonly AdaptiveBit[] _zero = new AdaptiveBit[Classes * Classes * Calms];
    private readonly AdaptiveBit[] _sign = new AdaptiveBit[Classes * 3];
    private readonly AdaptiveBit[] _longer = new AdaptiveBit[LengthContexts * Lengths];
    private readonly AdaptiveBit[] _upper = new AdaptiveBit[Lengths << UpperBits];
    private int _last;
    private int _beforeLast;
    private int _calm;
    private int _lastSign;
    private int _lastLength;

    /// <summary>Forgets what was learned.</summary>
    public void Reset()
    {
        Array.Fill(_zero, AdaptiveBit.Even);
        Array.Fill(_sign, AdaptiveBit.Even);
        Array.Fill(_longer, AdaptiveBit.Even);
        Array.Fill(_upper, AdaptiveBit.Even);
        (_last, _beforeLast, _calm, _lastSign, _lastLength) = (0, 0, 0, 0, 1);
    }

    /// <summary>Codes a difference: see <see cref="IBitCoder"/>. Its size is below 2^63.</summary>
    public long Code<TCoder>(ref TCoder coder, long delta)
        where TCoder : struct, IBitCoder, allows ref struct
    {
        var context = (((_last * Classes) + _beforeLast) * Calms) + CalmClass();
        var isOther = coder.Code(ref _zero[context], delta != 0);
        if (!isOther)
        {
            Remember(0, 0);
            return 0;
        }

        var isNegative = coder.Code(ref _sign[(_last * 3) + _lastSign + 1], delta < 0);
        var size = CodeSize(ref coder, (ulong)Math.Abs(delta));
        Remember(isNegative ? -1 : 1, size);
        return isNegative ? -(long)size : (long)size;
    }

    private ulong CodeSize<TCoder>(ref TCoder coder, ulong size)
        where TCoder : struct, IBitCoder, allows ref struct
    {
        var length = 64 - BitOperations.LeadingZeroCount(size);
        var context = Math.Min(_lastLength, LengthContexts - 1) * Lengths;
        var found = 1;
        while (found < 64 && coder.Code(ref _longer[context + found], length > found)) found++;
        _lastLength = found;

        var value = 1UL;
        var rest = found - 1;
        for (var position = 0; position < UpperBits && rest > 0; position++)
        {
            rest--;
            var node = (found << UpperBits) + (1 << position) - 1 + (int)(value & ((1UL << position) - 1));
            value = (value << 1) | (coder.Code(ref _upper[node], ((size >> rest) & 1) != 0) ? 1UL : 0);
        }

        return rest == 0 ? value : (value << rest) | coder.CodeEven(size & ((1UL << rest) - 1), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Remember(int sign, ulong size)
    {
        _beforeLast = _last;
        _last = size == 0 ? 0 : size == 1 ? 1 : size < 4 ? 2 : 3;
        if (sign == 0) _calm++;
        else (_calm, _lastSign) = (0, sign);
    }

    // How long nothing has moved; only told apart where the two last differences were zero.
    private int CalmClass() => _calm switch { < 4 => 0, < 12 => 1, < 48 => 2, _ => 3 };
}
