using System.Runtime.CompilerServices;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>
/// How a floating-point number is a whole number in disguise (ALP, Afroozeh, Kuffo, Boncz 2023): divided by a power of ten, multiplied by a negative one, or divided and rounded to
/// single precision, as devices that tell 32-bit floats do. Only what comes back bit for bit counts.
/// </summary>
internal readonly record struct DecimalForm
{
    private const int Modes = 3;
    private const int MostDecimals = 12;
    private const double Largest = 1L << 53;

    private static readonly double[] Powers = [.. Enumerable.Range(0, MostDecimals + 1).Select(decimals => Math.Pow(10, decimals))];
    private static readonly double[] NegativePowers = [.. Enumerable.Range(0, MostDecimals + 1).Select(decimals => double.Parse($"1e-{decimals}", System.Globalization.CultureInfo.InvariantCulture))];

    private readonly byte _decimals;
    private readonly byte _mode;

    private DecimalForm(int decimals, int mode) => (_decimals, _mode) = ((byte)decimals, (byte)mode);

    /// <summary>All forms, the plainest first.</summary>
    public static IReadOnlyList<DecimalForm> All { get; } =
        [.. from decimals in Enumerable.Range(0, MostDecimals + 1) from mode in Enumerable.Range(0, decimals == 0 ? 1 : Modes) select new DecimalForm(decimals, mode)];

    /// <summary>The form in a byte below 64.</summary>
    public byte Code => (byte)((_decimals << 2) | _mode);

    /// <summary>Whether a sum of values is a whole number in the same disguise; not so for values that were rounded to single precision.</summary>
    public bool HoldsSums => _mode != Modes - 1;

    /// <summary>The form of a code.</summary>
    /// <exception cref="DamagedBlockException">There is no such form.</exception>
    public static DecimalForm Of(int code) => code >> 2 <= MostDecimals && (code & 3) < Modes
        ? new DecimalForm(code >> 2, code & 3)
        : throw new DamagedBlockException($"its number form {code} is not known");

    /// <summary>The whole number behind a value; false when the value does not come back of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWhole(double value, out long whole)
    {
        var scaled = Math.Round(value * Powers[_decimals]);
        if (!(Math.Abs(scaled) < Largest))
        {
            whole = 0;
            return false;
        }

        whole = (long)scaled;
        return BitConverter.DoubleToInt64Bits(ValueOf(whole)) == BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>The value of a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ValueOf(long whole) => _mode switch
    {
        0 => whole / Powers[_decimals],
        1 => whole * NegativePowers[_decimals],
        _ => (float)(whole / Powers[_decimals]),
    };

    /// <summary>The values of whole numbers.</summary>
    public void ValuesOf(ReadOnlySpan<long> wholes, Span<double> values)
    {
        var power = _mode == 1 ? NegativePowers[_decimals] : Powers[_decimals];
        if (_mode == 0) for (var index = 0; index < wholes.Length; index++) values[index] = wholes[index] / power;
        else if (_mode == 1) for (var index = 0; index < wholes.Length; index++) values[index] = wholes[index] * power;
        else for (var index = 0; index < wholes.Length; index++) values[index] = (float)(wholes[index] / power);
    }
}
