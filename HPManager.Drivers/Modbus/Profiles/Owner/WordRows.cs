using System.Globalization;
using HPManager.Core.Sensors;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>
/// Registers as they are, said as rows of a profile: each word an unsigned number without sentinels. So the driver reads them as it reads everything,
/// under the same rules and through the same connection.
/// </summary>
internal static class WordRows
{
    private const string Prefix = "hpmanager_word_";

    public static Dictionary<string, string> Of(string table, int address) => new()
    {
        ["key"] = Key(table, address),
        ["label"] = "Word",
        ["table"] = table,
        ["address"] = address.ToString(CultureInfo.InvariantCulture),
        ["type"] = "uint16",
        ["order"] = "abcd",
        ["sentinels"] = "none",
    };

    /// <summary>The words from an address on; null for one that could not be read.</summary>
    public static IReadOnlyList<ushort?> Read(Snapshot snapshot, string table, int address, int count) =>
        [.. Enumerable.Range(address, count).Select(at => snapshot[SensorKey.Parse(Key(table, at))] is { IsGood: true, Value: { } word } ? (ushort?)word : null)];

    private static string Key(string table, int address) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{table}_{address}");
}
