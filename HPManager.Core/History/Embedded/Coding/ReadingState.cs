using HPManager.Core.Sensors;

namespace HPManager.Core.History.Embedded.Coding;

/// <summary>What is known of a reading beside its value, in a byte: 0 when the sensor was no part of the poll, else its quality and whether it has a value or a text.</summary>
internal static class ReadingState
{
    public const byte Absent = 0;
    public const byte HasValue = 8;
    public const byte HasText = 16;
    public const int Largest = 31;

    /// <summary>A value that takes part in charts and aggregates.</summary>
    public const byte Good = ((int)Quality.Good + 1) | HasValue;

    private const int QualityMask = 7;

    /// <summary>The states of readings with a value or a text.</summary>
    public static System.Buffers.SearchValues<byte> WithReading { get; } =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, Largest + 1).Where(state => (state & (HasValue | HasText)) != 0).Select(state => (byte)state)]);

    public static byte Of(in Reading reading)
    {
        var quality = (byte)((int)reading.Quality + 1);
        if (reading.Quality is not (Quality.Good or Quality.Implausible)) return quality;
        if (reading.Value is { } value) return double.IsFinite(value) ? (byte)(quality | HasValue) : (byte)((int)Quality.Missing + 1);
        return reading.Text is null ? quality : (byte)(quality | HasText);
    }

    public static bool HoldsValue(byte state) => (state & HasValue) != 0;

    public static bool HoldsText(byte state) => (state & HasText) != 0;

    public static StoredReading ReadingOf(byte state, double value, string? text) => state == Absent
        ? default
        : new StoredReading(HoldsValue(state) ? value : null, HoldsText(state) ? text : null, (Quality)((state & QualityMask) - 1));
}
