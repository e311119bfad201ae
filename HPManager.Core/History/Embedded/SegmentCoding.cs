using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using HPManager.Core.History.Embedded.Coding;

namespace HPManager.Core.History.Embedded;

/// <summary>Where a series' bytes lie in a segment's body.</summary>
internal readonly record struct SegmentEntry(long Series, int Offset, int Length, uint Check);

/// <summary>What a segment's directory tells: whose it is, the moments and places of its polls, and where each series, whose sensors it names, lies in the body.</summary>
internal sealed record SegmentDirectory(string HeatPump, long[] Times, long[] Places, SegmentEntry[] Entries, string[] Sensors);

/// <summary>
/// A segment in bytes. The directory: the heat pump, moments, places, then number, sensor, length and checksum of each series, and its own checksum behind. It names all, so that a
/// segment can be understood without the rest of a damaged file. The body: the series behind each other, so that one damaged byte costs one series. One user at a time.
/// </summary>
internal sealed class SegmentCoding
{
    private const int MostSeries = 100_000;
    private const int MostPollsEver = 1 << 20;

    private readonly ColumnCoding _columns = new();
    private readonly ByteWriter _directory = new();
    private readonly ByteWriter _body = new();

    /// <summary>The directory and body of polls, with the form that holds all values of each series; valid until the next call.</summary>
    public (byte[] Directory, byte[] Body, DecimalForm?[] Forms) Write(string heatPump, PollColumns polls, Func<long, string> sensorOf)
    {
        _directory.Clear();
        _body.Clear();
        _directory.Text(heatPump);
        _directory.Number((ulong)polls.Count);
        _columns.WriteWhole(_directory, polls.Times);
        _columns.WriteWhole(_directory, polls.Places);
        _directory.Number((ulong)polls.Series.Count);
        var forms = new DecimalForm?[polls.Series.Count];
        for (var index = 0; index < forms.Length; index++)
        {
            var column = polls.Series[index];
            var offset = _body.Length;
            forms[index] = _columns.Write(_body, column);
            _directory.Number((ulong)column.Series);
            _directory.Text(sensorOf(column.Series));
            _directory.Number((ulong)(_body.Length - offset));
            _directory.UInt32(Checksum.Of(_body.Written[offset..]));
        }

        _directory.UInt32(Checksum.Of(_directory.Written));
        return (_directory.Written.ToArray(), _body.Written.ToArray(), forms);
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
        var entries = new SegmentEntry[input.Count(MostSeries)];
        var sensors = new string[entries.Length];
        var offset = 0;
        for (var index = 0; index < entries.Length; index++)
        {
            var series = (long)input.Number();
            sensors[index] = input.Text();
            entries[index] = new SegmentEntry(series, offset, input.Count(int.MaxValue - offset), input.UInt32());
            offset += entries[index].Length;
        }

        return new SegmentDirectory(heatPump, times, places, entries, sensors);
    }

    /// <summary>A series out of its own bytes.</summary>
    /// <exception cref="DamagedBlockException">The bytes are not what was written.</exception>
    public SeriesColumn ReadSeries(ReadOnlySpan<byte> bytes, SegmentEntry entry, int polls)
    {
        if (Checksum.Of(bytes) != entry.Check) throw new DamagedBlockException("its checksum is wrong");
        var input = new ByteReader(bytes);
        return _columns.Read(ref input, entry.Series, polls);
    }
}

/// <summary>CRC-32C of bytes.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var check = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var single in bytes) check = BitOperations.Crc32C(check, single);
        return ~check;
    }

    /// <summary>CRC-32C of numbers.</summary>
    public static uint Of(params ReadOnlySpan<long> numbers) => Of(MemoryMarshal.AsBytes(numbers));

    /// <summary>CRC-32C of a number and a text.</summary>
    public static uint Of(long number, string text) => Of([number, Of(System.Text.Encoding.UTF8.GetBytes(text))]);

    /// <summary>Bytes without the checksum behind them.</summary>
    /// <exception cref="DamagedBlockException">It is wrong.</exception>
    /// <param name="bytes">The bytes.</param>
    /// <param name="belongsTo">What else the checksum covers: where the bytes belong.</param>
    public static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> bytes, uint belongsTo = 0)
    {
        if (bytes.Length < sizeof(uint)) throw new DamagedBlockException("it ends too early");
        var content = bytes[..^sizeof(uint)];
        return (Of(content) ^ belongsTo) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) ? content : throw new DamagedBlockException("its checksum is wrong");
    }
}
