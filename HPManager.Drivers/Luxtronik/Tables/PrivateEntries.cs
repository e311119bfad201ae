namespace HPManager.Drivers.Luxtronik.Tables;

/// <summary>Entries that are neither shown, stored, logged nor written: passwords, addresses, serial numbers.</summary>
internal static class PrivateEntries
{
    private static readonly (LuxtronikBlock Block, int First, int Last, string What)[] Ranges =
    [
        (LuxtronikBlock.Parameters, 750, 753, "network addresses"),
        (LuxtronikBlock.Parameters, 754, 761, "digits of the web password"),
        (LuxtronikBlock.Parameters, 766, 771, "network addresses"),
        (LuxtronikBlock.Parameters, 861, 861, "address of a server"),
        (LuxtronikBlock.Parameters, 874, 876, "serial number"),
        (LuxtronikBlock.Parameters, 1026, 1028, "serial number"),
        (LuxtronikBlock.Parameters, 1054, 1056, "serial number"),
        (LuxtronikBlock.Calculations, 91, 94, "network addresses"),
    ];

    public static bool Contains(LuxtronikBlock block, int index) =>
        Array.Exists(Ranges, range => range.Block == block && index >= range.First && index <= range.Last);
}
