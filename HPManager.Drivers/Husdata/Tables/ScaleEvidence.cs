namespace HPManager.Drivers.Husdata.Tables;

/// <summary>
/// Finds out how a gateway scales, from values that are whole numbers: one that is no multiple of ten was not multiplied, and many that all are multiples
/// of ten were. Judged for each data type, because firmware has been seen to treat them differently; a type that tells nothing follows the others while
/// these agree. New evidence overrules old, since an update of the gateway changes the scaling. One user at a time.
/// </summary>
internal sealed class ScaleEvidence
{
    private const int DataTypes = 16;
    private const int EnoughNative = 2;
    private const int EnoughTens = 3;

    // Six in a row by chance: one in a million.
    private const int Overwhelming = 6;
    private const int MaxNamed = 4;

    private readonly Scaling _setting;
    private readonly int[] _native;
    private readonly int[] _tens;
    private readonly List<string> _nativeBy;
    private readonly List<string> _tensBy;
    private readonly Dictionary<HusdataIndex, double> _counted = [];

    /// <summary>Goes on from what was found earlier.</summary>
    /// <param name="setting">What the owner has set; <see cref="Scaling.Open"/> to find out.</param>
    /// <param name="found">What was found earlier.</param>
    public ScaleEvidence(Scaling setting, ScaleFindings found)
    {
        _setting = setting;
        _native = [.. Enumerable.Range(0, DataTypes).Select(type => found.Native.ElementAtOrDefault(type))];
        _tens = [.. Enumerable.Range(0, DataTypes).Select(type => found.Tens.ElementAtOrDefault(type))];
        _nativeBy = [.. found.NativeBy.Take(MaxNamed)];
        _tensBy = [.. found.TensBy.Take(MaxNamed)];
    }

    /// <summary>What is worth keeping over a restart.</summary>
    public ScaleFindings Findings => new([.. _native], [.. _tens], [.. _nativeBy], [.. _tensBy]);

    /// <summary>The scaling in words, with what it was found by.</summary>
    public string Words
    {
        get
        {
            if (_setting != Scaling.Open) return $"{Name(_setting)}, as set";
            var known = Enumerable.Range(0, DataTypes).Select(OwnScaling).Where(scaling => scaling != Scaling.Open).Distinct().Order().ToList();
            return known.Count switch
            {
                0 when Pooled() is not Scaling.Open and var pooled => Found(pooled),
                0 => "not known yet, taken as normalised",
                1 => Found(known[0]),
                _ => $"mixed: {Found(Scaling.H1Native)}; {Found(Scaling.Normalised)}",
            };
        }
    }

    /// <summary>How numbers of a data type are scaled.</summary>
    public Scaling Of(int dataType)
    {
        if (_setting != Scaling.Open) return _setting;
        var result = OwnScaling(dataType);
        if (result != Scaling.Open) return result;
        for (var other = 0; other < DataTypes; other++)
        {
            var scaling = OwnScaling(other);
            if (scaling == Scaling.Open || scaling == result) continue;
            if (result != Scaling.Open) return Scaling.Open;
            result = scaling;
        }

        return result == Scaling.Open ? Pooled() : result;
    }

    /// <summary>Takes a number into account.</summary>
    /// <param name="entry">Where it was.</param>
    /// <param name="number">As the gateway sent it, signed.</param>
    public void Note(HusdataEntry entry, double number)
    {
        if (!entry.IsScaleOpen || number <= 0 || _setting != Scaling.Open || _counted.GetValueOrDefault(entry.Index) == number) return;
        _counted[entry.Index] = number;
        var (native, tens) = Weigh(entry, number);
        if (native > 0) Add(entry, _native, native, _nativeBy, _tens);
        else if (tens > 0) Add(entry, _tens, tens, _tensBy, null);
        if (_tens[entry.Index.DataType] >= Overwhelming) _native[entry.Index.DataType] = 0;
    }

    private static (int Native, int Tens) Weigh(HusdataEntry entry, double number)
    {
        if (entry.Most is { } most) return number / entry.Divisor > most ? (EnoughNative, 0) : (0, 1);
        if (!entry.IsWhole) return default;
        var isTen = number % 10 == 0;
        if (entry.Sensor.Codes is not { } codes) return isTen ? (0, 1) : (1, 0);
        var (asIs, divided) = (codes.WordFor((int)number) is not null, isTen && codes.WordFor((int)number / 10) is not null);
        return (asIs, divided) switch
        {
            (true, false) => (EnoughNative, 0),
            (false, true) => (0, EnoughTens),
            (true, true) => (0, 1),
            _ => default,
        };
    }

    private static void Add(HusdataEntry entry, int[] counts, int weight, List<string> named, int[]? refuted)
    {
        var type = entry.Index.DataType;
        counts[type] = Math.Min(counts[type] + weight, Overwhelming);
        if (refuted is not null) refuted[type] = 0;
        var name = entry.Index.ToString();
        if (named.Count < MaxNamed && !named.Contains(name)) named.Add(name);
    }

    private Scaling OwnScaling(int dataType) => (_native[dataType], _tens[dataType]) switch
    {
        ( >= EnoughNative, _) => Scaling.H1Native,
        (_, >= EnoughTens) => Scaling.Normalised,
        _ => Scaling.Open,
    };

    // None of the types says enough by itself, but all together do, and none contradicts.
    private Scaling Pooled() => (_native.Sum(), _tens.Sum()) switch
    {
        ( >= EnoughNative, 0) => Scaling.H1Native,
        (0, >= EnoughTens) => Scaling.Normalised,
        _ => Scaling.Open,
    };

    private string Found(Scaling scaling) => $"{Name(scaling)}, found by {string.Join(", ", scaling == Scaling.H1Native ? _nativeBy : _tensBy)}";

    private static string Name(Scaling scaling) => scaling == Scaling.H1Native ? "H1-native" : "normalised";
}

/// <summary>Evidence as it is kept. Immutable.</summary>
/// <param name="Native">By data type: how much says that nothing was multiplied.</param>
/// <param name="Tens">By data type: how much says that all was multiplied by ten.</param>
/// <param name="NativeBy">Indices that said so.</param>
/// <param name="TensBy">Indices that said so.</param>
internal sealed record ScaleFindings(IReadOnlyList<int> Native, IReadOnlyList<int> Tens, IReadOnlyList<string> NativeBy, IReadOnlyList<string> TensBy)
{
    /// <summary>Nothing yet.</summary>
    public static readonly ScaleFindings None = new([], [], [], []);
}
