using System.Buffers.Text;
using System.Globalization;
using System.Text;
using HPManager.Drivers.Husdata.Tables;

namespace HPManager.Drivers.Husdata.Feed;

/// <summary>The topics of Husdata gateways. Thread-safe.</summary>
public static class HusdataTopics
{
    private const string Middle = "/HP/";
    private const int MaxNumber = 32;

    /// <summary>
    /// The gateway that publishes a message, by the first level of its topics, which is its number (MAC) without separators; null when it is not a value of
    /// a Husdata gateway. Commands and settings, which others send to it, are none.
    /// </summary>
    public static string? GatewayOf(string topic, ReadOnlySpan<byte> payload) =>
        TryParse(topic, out var gateway, out _) && TryNumber(payload, out _, out _) ? gateway : null;

    /// <summary>Reads the topic of a value: gateway, <c>HP</c>, index.</summary>
    internal static bool TryParse(string topic, out string gateway, out HusdataIndex index)
    {
        (gateway, index) = ("", default);
        var slash = topic.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || topic.Length != slash + Middle.Length + HusdataIndex.Length || string.CompareOrdinal(topic, slash, Middle, 0, Middle.Length) != 0) return false;
        Span<byte> name = stackalloc byte[HusdataIndex.Length];
        var text = topic.AsSpan(slash + Middle.Length);
        if (!Ascii.IsValid(text)) return false;
        Encoding.ASCII.GetBytes(text, name);
        if (!HusdataIndex.TryParse(name, out index)) return false;
        gateway = topic[..slash];
        return true;
    }

    /// <summary>Reads a number as text; whether it has a decimal point tells how it is scaled.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> payload, out double number, out bool hasPoint)
    {
        var text = payload.Trim(" \t\r\n\0"u8);
        hasPoint = text.Contains((byte)'.');
        number = 0;
        return text.Length is > 0 and <= MaxNumber && (char.IsAsciiDigit((char)text[^1]) || text[^1] == '.')
            && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && double.IsFinite(number);
    }

    /// <summary>Where a gateway takes a value.</summary>
    internal static string Set(string gateway, HusdataIndex index) => string.Create(CultureInfo.InvariantCulture, $"{gateway}{Middle}SET/{index}");

    /// <summary>Where a gateway takes a command.</summary>
    internal static string Command(string gateway) => $"{gateway}{Middle}CMD";

    /// <summary>All values of a gateway.</summary>
    internal static string Values(string gateway) => $"{gateway}{Middle}+";
}
