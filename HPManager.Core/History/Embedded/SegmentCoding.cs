using System.Text;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>Where a series' bytes lie in a segment's body; or the bytes themselves, of one that lies in the directory.</summary>
internal readonly record struct SegmentEntry(long Series, bool HasReadings, int Offset, int Length, uint Check, ReadOnlyMemory<byte> Content)
{
    public bool IsInBody => Content.IsEmpty;
}

/// <summary>
/// What a segment's directory tells: whose it is, the moments and places of its polls, where each series lies, and (packed, see <see cref="SegmentCoding.ReadNames"/>) whose sensors' these are.
/// </summary>
internal sealed record SegmentDirectory(string HeatPump, long[] Times, long[] Places, SegmentEntry[] Entries, byte[] Names);

/// <summary>
/// A segment in bytes. The directory: the heat pump, moments, places, numbers and names of the sensors, then packed together the lengths of all series and the short series themselves, a
/// checksum of each long one, and its own checksum behind. It names all, so that a segment can be understood without the rest of a damaged file. The body: the long series behind each
/// other, so that one damaged byte costs one series. One user at a time.
/// </summary>
internal sealed class SegmentCoding
{
    private const int MostSeries = 100_000;
    private const int MostPollsEver = 1 << 20;
    private const int MostNames = 1 << 26;

    // A series of so few bytes, as of a value that never changes, lies in the directory: in the body it would need a checksum of its own.
    private const int Short = 16;
    private const int NamesQuality = 11;
    private const int ShortQuality = 5;
    private const int NamesKept = 100;

    private readonly ColumnCoding _columns = new();
    private readonly ByteWriter _directory = new();
    private readonly ByteWriter _body = new();
    private readonly ByteWriter _column = new();
    private readonly ByteWriter _lengths = new();
    private readonly ByteWriter _short = new();
    private readonly ByteWriter _checks = new();
    private readonly Queue<(long[] Series, byte[] Packed)> _names = [];

    /// <summary>The directory and body of polls.</summary>
    public (byte[] Directory, byte[] Body) Write(string heatPump, PollColumns polls, Func<long, string> sensorOf)
    {
        foreach (var part in (ByteWriter[])[_directory, _body, _lengths, _short, _checks]) part.Clear();
        foreach (var column in polls.Series) WriteSeries(column);
        var series = polls.Series.Select(column => column.Series).ToArray();
        _directory.Text(heatPump);
        _directory.Number((ulong)polls.Count);
        _columns.WriteWhole(_directory, polls.Times);
        _columns.WriteWhole(_directory, polls.Places);
        _directory.Number((ulong)series.Length);
        _columns.WriteWhole(_directory, series);
        _directory.Raw(NamesOf(series, sensorOf));
        _lengths.Raw(_short.Written);
        Packing.Write(_directory, _lengths.Written, ShortQuality);
        _directory.Raw(_checks.Written);
        _directory.UInt32(Checksum.Of(_directory.Written));
        return (_directory.Written.ToArray(), _body.Written.ToArray());
    }

    /// <summary>Reads a directory.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public SegmentDirectory ReadDirectory(ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(Checksum.Checked(bytes));
        var heatPump = input.Text();
        var polls = input.Count(MostPollsEver);
        var (times, places) = (new long[polls], new long[polls]);
        _columns.ReadWhole(ref input, times);
        _columns.ReadWhole(ref input, places);
        var series = new long[input.Count(MostSeries)];
        _columns.ReadWhole(ref input, series);
        var names = Packing.Skip(ref input).ToArray();
        return new SegmentDirectory(heatPump, times, places, ReadEntries(ref input, series), names);
    }

    /// <summary>The sensors of a directory, in the order of its series.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public static string[] ReadNames(SegmentDirectory directory)
    {
        var packed = new ByteReader(directory.Names);
        var names = Encoding.UTF8.GetString(Packing.Read(ref packed, MostNames)).Split('\n');
        return names.Length == Math.Max(1, directory.Entries.Length) ? names : throw new DamagedBlockException("it has other names than series");
    }

    /// <summary>A series out of its own bytes.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public SeriesColumn ReadSeries(ReadOnlySpan<byte> bytes, SegmentEntry entry, int polls)
    {
        if (entry.IsInBody && Checksum.Of(bytes) != entry.Check) throw new DamagedBlockException("its checksum is wrong");
        var input = new ByteReader(bytes);
        return _columns.Read(ref input, entry.Series, polls);
    }

    private void WriteSeries(SeriesColumn column)
    {
        _column.Clear();
        _columns.Write(_column, column);
        var isShort = _column.Length <= Short;
        _lengths.Number(((ulong)_column.Length << 1) | (column.States.AsSpan().ContainsAny(ReadingState.WithReading) ? 1UL : 0));
        (isShort ? _short : _body).Raw(_column.Written);
        if (!isShort) _checks.UInt32(Checksum.Of(_column.Written));
    }

    private static SegmentEntry[] ReadEntries(ref ByteReader input, long[] series)
    {
        var unpacked = Packing.Read(ref input, MostSeries * (Short + sizeof(ulong)));
        var parts = new ByteReader(unpacked);
        var lengths = new int[series.Length];
        foreach (ref var length in lengths.AsSpan()) length = parts.Count(int.MaxValue);
        var entries = new SegmentEntry[series.Length];
        var (offset, next) = (0, unpacked.Length - parts.Remaining);
        for (var index = 0; index < entries.Length; index++)
        {
            var length = lengths[index] >> 1;
            var isShort = length <= Short;
            if (isShort ? parts.Remaining < length : length > int.MaxValue - offset) throw new DamagedBlockException("its lengths cannot be");
            var content = isShort ? unpacked.AsMemory(next, parts.Raw(length).Length) : default;
            entries[index] = new SegmentEntry(series[index], (lengths[index] & 1) != 0, offset, length, isShort ? 0 : input.UInt32(), content);
            if (isShort) next += length;
            else offset += length;
        }

        return entries;
    }

    // Names compress well, but that takes time; they are the same from segment to segment, and for all heat pumps of a model.
    private byte[] NamesOf(long[] series, Func<long, string> sensorOf)
    {
        foreach (var known in _names)
        {
            if (known.Series.AsSpan().SequenceEqual(series)) return known.Packed;
        }

        var packed = new ByteWriter();
        Packing.Write(packed, Encoding.UTF8.GetBytes(string.Join('\n', series.Select(sensorOf))), NamesQuality);
        if (_names.Count == NamesKept) _names.Dequeue();
        _names.Enqueue((series, packed.Written.ToArray()));
        return packed.Written.ToArray();
    }
}
