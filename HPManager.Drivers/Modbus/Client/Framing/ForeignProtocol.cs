namespace HPManager.Drivers.Modbus.Client.Framing;

/// <summary>Puts a name to what answers in place of Modbus, because "wrong port" is what an owner can act on.</summary>
internal static class ForeignProtocol
{
    private const int Shown = 16;

    /// <summary>Beginnings that no Modbus answer has.</summary>
    public static bool IsText(ReadOnlySpan<byte> received) =>
        received.StartsWith("HTTP"u8) || received.StartsWith("SSH-"u8) || received.StartsWith("<htm"u8) || received.StartsWith("<!DO"u8);

    public static string Describe(ReadOnlySpan<byte> received)
    {
        if (received.StartsWith("HTTP"u8) || received.StartsWith("<"u8)) return "this looks like HTTP: a web server listens on this port";
        if (received.StartsWith("SSH-"u8)) return "this looks like SSH";
        if (received is [0x15 or 0x16, 0x03, ..]) return "this looks like TLS: the port expects encryption";
        return $"not Modbus: {Convert.ToHexString(received[..Math.Min(received.Length, Shown)])}";
    }
}
