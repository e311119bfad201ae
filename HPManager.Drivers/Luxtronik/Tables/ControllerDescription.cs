using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>
/// By what a controller can be told from another when it is being looked for. Address and serial number are for the eyes of the person who
/// looks: they are never logged, stored or sent on.
/// </summary>
/// <param name="Firmware">Its firmware.</param>
/// <param name="ModelCode">The heat pump's type as a number; the table of calculations has its words at 78.</param>
/// <param name="Address">The address the controller believes it has.</param>
/// <param name="SubnetMask">Its subnet mask.</param>
/// <param name="SerialNumber">Such as <c>330123-0145</c>; null when it was not asked for or the controller has none.</param>
public sealed record ControllerDescription(FirmwareVersion Firmware, int ModelCode, IPAddress Address, IPAddress SubnetMask, string? SerialNumber)
{
    private const int ModelIndex = 78;
    private const int AddressIndex = 91;
    private const int SerialIndex = 874;

    /// <summary>Reads a description.</summary>
    /// <param name="calculations">A block of calculations.</param>
    /// <param name="parameters">A block of parameters; empty when it was not read.</param>
    /// <returns>null when the block is not one of a controller that is known: it is too short for the firmware's text or has none.</returns>
    public static ControllerDescription? Of(ReadOnlySpan<int> calculations, ReadOnlySpan<int> parameters)
    {
        if (calculations.Length < FirmwareVersion.NeededCalculations) return null;
        var firmware = FirmwareVersion.Of(calculations);
        if (firmware.Text.Length == 0) return null;
        return new ControllerDescription(
            firmware,
            calculations[ModelIndex],
            calculations.Length > AddressIndex ? AddressOf(calculations[AddressIndex]) : IPAddress.None,
            calculations.Length > AddressIndex + 1 ? AddressOf(calculations[AddressIndex + 1]) : IPAddress.None,
            parameters.Length > SerialIndex + 1 && parameters[SerialIndex] > 0 ? SerialOf(parameters[SerialIndex], parameters[SerialIndex + 1]) : null);
    }

    private static IPAddress AddressOf(int raw)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, raw);
        return new IPAddress(bytes);
    }

    private static string SerialOf(int date, int running) => string.Create(CultureInfo.InvariantCulture, $"{date}-{running:X4}");
}
