using System.Text;

namespace HPManager.Core.History.Import.Csv;

/// <summary>How a file of separated values is opened, and what its bytes tell of its encoding.</summary>
internal static class CsvFile
{
    private const int SampleLength = 64 * 1024;

    /// <summary>Opens it from its begin.</summary>
    public static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 128 * 1024 });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{Path.GetFileName(file)} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Its text.</summary>
    public static StreamReader Reader(Stream stream, string encoding) => new(stream, EncodingOf(encoding), detectEncodingFromByteOrderMarks: true, bufferSize: SampleLength);

    /// <summary>Which encoding its first bytes speak for.</summary>
    /// <exception cref="ImportException">It is no text.</exception>
    public static async ValueTask<string> DetectEncodingAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = Open(file);
        var bytes = new byte[SampleLength];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var sample = bytes.AsMemory(0, length).Span;
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return "utf-8";
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return "utf-16";
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return "utf-16be";
        if (sample.StartsWith("SQLite format 3\0"u8)) throw new ImportException($"{Path.GetFileName(file)} is a SQLite database, not CSV. One of Home Assistant is imported as such.");
        var (even, odd) = (0, 0);
        for (var index = 0; index < length; index++)
        {
            if (sample[index] != 0) continue;
            if (index % 2 == 0) even++;
            else odd++;
        }

        if (odd > length / 4 && even < length / 50) return "utf-16";
        if (even > length / 4 && odd < length / 50) return "utf-16be";
        if (even + odd > length / 10) throw new ImportException($"{Path.GetFileName(file)} is no text.");
        return IsUtf8(sample, isWhole: length < bytes.Length) ? "utf-8" : "latin1";
    }

    private static Encoding EncodingOf(string name) => name switch
    {
        "utf-16" => Encoding.Unicode,
        "utf-16be" => Encoding.BigEndianUnicode,
        "latin1" => Encoding.Latin1,
        _ => Encoding.UTF8,
    };

    // The sample may end within a character.
    private static bool IsUtf8(ReadOnlySpan<byte> sample, bool isWhole)
    {
        for (var cut = 0; cut <= (isWhole ? 0 : 3); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(sample[..Math.Max(0, sample.Length - cut)])) return true;
        }

        return false;
    }
}
