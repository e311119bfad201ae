using System.Globalization;
using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Drivers.Modbus.Client.Serial;

/// <summary>The check bit of a character.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SerialParity>))]
public enum SerialParity
{
    /// <summary>None.</summary>
    None,

    /// <summary>Even number of ones.</summary>
    Even,

    /// <summary>Odd number of ones.</summary>
    Odd,
}

/// <summary>A serial line and how characters travel on it. Every device on the wire must be set alike.</summary>
/// <param name="Device">Absolute path: <c>/dev/serial/by-id/usb-FTDI…</c>.</param>
/// <param name="BaudRate">Bits a second, one of <see cref="BaudRates"/>.</param>
/// <param name="Parity">Check bit.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="HasEcho">The adapter gives back what it sends, as simple two-wire ones do.</param>
public sealed record SerialLine(string Device, int BaudRate, SerialParity Parity, int StopBits, bool HasEcho)
{
    private const int DataBits = 8;
    private const int FastestTimed = 19_200;
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromMicroseconds(1750);

    /// <summary>Speeds that can be chosen.</summary>
    public static IReadOnlyList<int> BaudRates { get; } = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

    /// <summary>
    /// Silence between two frames: three and a half characters, and above 19,200 baud never less than 1.75 ms (Modbus over Serial Line V1.02, 2.5.1.1).
    /// </summary>
    public TimeSpan Silence
    {
        get
        {
            if (BaudRate > FastestTimed) return ShortestSilence;
            var bits = 1 + DataBits + (Parity == SerialParity.None ? 0 : 1) + StopBits;
            return TimeSpan.FromSeconds(3.5 * bits / BaudRate);
        }
    }

    /// <summary>As installers write it: <c>9600 8N1</c>; <c>9600 8N1 with echo</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{BaudRate} {DataBits}{Parity.ToString()[0]}{StopBits}{(HasEcho ? " with echo" : "")}");
}
