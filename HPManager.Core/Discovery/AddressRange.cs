using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace HPManager.Core.Discovery;

/// <summary>IPv4 addresses of a private network, as <c>192.168.1.0/24</c>. Never a public address.</summary>
public readonly record struct AddressRange
{
    private const int SmallestPrefix = 22;
    private const int AroundOwn = 24;

    private AddressRange(uint first, int prefix) => (First, Prefix) = (first, prefix);

    /// <summary>How it is written and what is allowed, for messages.</summary>
    public static string Format => $"a private IPv4 network such as 192.168.1.0/24, from /{SmallestPrefix} (1,022 addresses) to /32";

    /// <summary>Bits that its addresses share.</summary>
    public int Prefix { get; }

    /// <summary>Addresses that are asked: all but the network's own and the one for all.</summary>
    public int Count => Prefix >= 31 ? 1 << (32 - Prefix) : (1 << (32 - Prefix)) - 2;

    /// <summary>The address that reaches every device of the network.</summary>
    public IPAddress Broadcast => ToAddress(First | (uint)((1L << (32 - Prefix)) - 1));

    private uint First { get; }

    /// <summary>Reads a range; one that is not private, or larger than allowed, is none.</summary>
    public static bool TryParse(string? text, out AddressRange range)
    {
        range = default;
        var parts = (text ?? "").Trim().Split('/');
        if (parts.Length is 0 or > 2 || !IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != AddressFamily.InterNetwork) return false;

        // "10.1" is an address too, but hardly what somebody meant.
        if (parts[0].Count(letter => letter == '.') != 3) return false;
        var prefix = 32;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix)) return false;
        if (prefix is < SmallestPrefix or > 32 || !IsPrivate(address)) return false;
        range = Around(address, prefix);
        return true;
    }

    /// <summary>
    /// The private networks that this machine is in. One larger than allowed is cut to the 254 addresses around the machine's own.
    /// </summary>
    public static IReadOnlyList<AddressRange> OfThisMachine()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Where(address => address.Address.AddressFamily == AddressFamily.InterNetwork && IsPrivate(address.Address));
        return [.. own.Select(address => Around(address.Address, address.PrefixLength < SmallestPrefix ? AroundOwn : address.PrefixLength)).Distinct()];
    }

    /// <summary>Whether an address belongs to a private, link-local or loopback network (RFC 1918, RFC 3927, RFC 1122).</summary>
    public static bool IsPrivate(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() switch
    {
        [10, ..] or [127, ..] or [192, 168, ..] or [169, 254, ..] => true,
        [172, var second, ..] => second is >= 16 and <= 31,
        _ => false,
    };

    /// <summary>Whether an address belongs to the network.</summary>
    public bool Contains(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && Around(address, Prefix).First == First;

    /// <summary>The addresses that are asked, in order.</summary>
    public IEnumerable<IPAddress> Addresses()
    {
        var skip = Prefix >= 31 ? 0u : 1u;
        for (uint index = 0; index < Count; index++) yield return ToAddress(First + skip + index);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToAddress(First)}/{Prefix}");

    private static AddressRange Around(IPAddress address, int prefix)
    {
        var mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
        return new AddressRange(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & mask, prefix);
    }

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
