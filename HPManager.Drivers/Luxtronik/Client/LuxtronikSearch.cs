using System.Globalization;
using System.Text;

namespace HPManager.Drivers.Luxtronik.Client;

/// <summary>
/// The datagrams with which Luxtronik controllers are found on a network: a broadcast to UDP port 4444 or 47808, sent from the same local
/// port, and one reply a controller. A reply proves nothing: anybody can send one, so the address is taken from the packet and the device
/// is read before it is offered. Thread-safe.
/// </summary>
public static class LuxtronikSearch
{
    /// <summary>Longest reply that is looked at, in bytes; every known one is far shorter.</summary>
    public const int MaxReply = 1024;


    /// <summary>The ports controllers listen on. 47808 is BACnet's too: it is bound only while searching.</summary>
    public static IReadOnlyList<int> Ports { get; } = [4444, 47808];

    /// <summary>The question: <c>2000;111;1;</c> and a zero byte.</summary>
    /// <remarks>An array of its own at each call.</remarks>
    public static byte[] Request => "2000;111;1;\0"u8.ToArray();

    private static ReadOnlySpan<byte> ReplyPrefix => "2500;111;"u8;

    /// <summary>
    /// Reads a reply. Our own question, which a broadcast brings back, is none.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="port">TCP port that the controller names, 1 to 65535; null when it names none, as old firmware does: 8889 is tried then, 8888 after it.</param>
    /// <returns>Whether a Luxtronik controller may have sent it.</returns>
    public static bool TryParseReply(ReadOnlySpan<byte> datagram, out int? port)
    {
        port = null;
        if (datagram.Length > MaxReply || !Ascii.IsValid(datagram) || !datagram.StartsWith(ReplyPrefix)) return false;
        var rest = datagram[ReplyPrefix.Length..];
        var end = rest.IndexOfAny((byte)';', (byte)0);
        var field = end < 0 ? rest : rest[..end];
        if (int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ushort.MaxValue) port = number;
        return true;
    }
}
