using System.Globalization;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Luxtronik.Client;
using HPManager.Drivers.Luxtronik.Tables;

namespace HPManager.Drivers.Luxtronik.Driver;

/// <summary>One setting to be sent.</summary>
/// <param name="Index">Parameter.</param>
/// <param name="Raw">What it is set to.</param>
internal readonly record struct ParameterWrite(int Index, int Raw);

/// <summary>What is to be sent for a value, or why nothing is.</summary>
/// <param name="Writes">In order; empty when all is there already.</param>
/// <param name="Refusal">null when it may be sent.</param>
internal readonly record struct WritePlan(IReadOnlyList<ParameterWrite> Writes, Failure? Refusal);

/// <summary>
/// The rules of writing. The controller takes everything that it is sent, into flash memory, so that what is wrong, unneeded or too much must not go out.
/// </summary>
internal static class LuxtronikWrites
{
    private const int HotWaterSetpoint = 105;
    private const int LegacyHotWaterSetpoint = 2;

    /// <summary>Plans the writes for a value whose range and step were checked.</summary>
    /// <param name="entry">A writable parameter.</param>
    /// <param name="value">In the sensor's unit, or the code.</param>
    /// <param name="blocks">What the controller has now.</param>
    /// <param name="firmware">Its firmware.</param>
    /// <param name="absence">Why the heat pump does not have the entry; null when it has.</param>
    /// <param name="usedToday">Writes of today.</param>
    /// <param name="allowsFreezing">Whether firmware that freezes on writes is to be written to.</param>
    public static WritePlan Plan(
        LuxtronikEntry entry, double value, LuxtronikBlocks blocks, FirmwareVersion firmware, string? absence, int usedToday, bool allowsFreezing)
    {
        if (absence is not null) return Refused($"{entry.Sensor.Label}: {absence}.");
        if (Freezes(firmware) && !allowsFreezing)
        {
            return Refused(
                $"The controller runs firmware {firmware.Text}, which freezes at any write and is off the network for about 100 s.",
                "Have the firmware changed by the manufacturer, or allow writing in the heat pump's options.");
        }

        if (!EntryDecoder.TryEncode(entry, value, blocks.Parameters[entry.Index], out var raw, out var error)) return Refused(error ?? "The value cannot be coded.");
        IReadOnlyList<ParameterWrite> writes = [.. Wanted(entry.Index, raw, firmware).Where(write => blocks.Parameters[write.Index] != write.Raw)];
        if (usedToday + writes.Count <= WriteBudget.PerDay) return new WritePlan(writes, null);
        return Refused(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{usedToday} of {WriteBudget.PerDay} writes were made to this controller today; its flash memory wears out with every one."),
            "Writing is possible again after midnight UTC. What has to follow the sun or the price belongs on the smart home interface.");
    }

    /// <summary>Whether any write makes the controller restart.</summary>
    public static bool Freezes(FirmwareVersion firmware) => firmware is { Series: 1 or 2, Minor: 90, Patch: 0 };

    // From minor 88.3 on the heat pump follows parameter 105, before it parameter 2, whatever the series. A firmware that cannot be read may be either.
    private static ParameterWrite[] Wanted(int index, int raw, FirmwareVersion firmware) =>
        index == HotWaterSetpoint && (firmware.Series is null || !firmware.IsAtLeast(88, 3))
            ? [new ParameterWrite(index, raw), new ParameterWrite(LegacyHotWaterSetpoint, raw)]
            : [new ParameterWrite(index, raw)];

    private static WritePlan Refused(string message, string? hint = null) => new([], new Failure(FailureCause.Refused, message, hint));
}
