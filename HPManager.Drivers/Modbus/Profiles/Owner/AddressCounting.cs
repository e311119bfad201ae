using System.Globalization;

namespace HPManager.Drivers.Modbus.Profiles.Owner;

/// <summary>How the addresses in the owner's register table count.</summary>
public enum AddressCounting
{
    /// <summary>From 0, as on the wire.</summary>
    Wire,

    /// <summary>From 1.</summary>
    FromOne,

    /// <summary>With the table in front: 40001 or 400001 is holding register 0, 30001 input register 0, 10001 discrete input 0, 1 coil 0.</summary>
    Manual,
}

/// <summary>Translates addresses between an owner's register table and the wire.</summary>
public static class AddressCountings
{
    private const int Last = ushort.MaxValue;

    // Five digits reach to address 9998, six to the last one.
    private const int ShortCount = 9999;

    private static readonly (string Table, int Short, int Long)[] Styles =
    [
        (ProfileWords.Holding, 40_001, 400_001),
        (ProfileWords.Input, 30_001, 300_001),
        (ProfileWords.Discrete, 10_001, 100_001),
        (ProfileWords.Coil, 1, 1),
    ];

    /// <summary>An address as the owner's table writes it.</summary>
    /// <param name="counting">How that table counts.</param>
    /// <param name="table">Word of the Modbus table.</param>
    /// <param name="wire">Address on the wire, 0 to 65535.</param>
    public static string Write(this AddressCounting counting, string table, int wire)
    {
        var style = StyleOf(table);
        var first = counting switch
        {
            AddressCounting.Wire => 0,
            AddressCounting.FromOne => 1,
            _ => wire < ShortCount ? style.Short : style.Long,
        };
        return (wire + first).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads an address as the owner's table writes it.</summary>
    /// <param name="counting">How that table counts.</param>
    /// <param name="table">Word of the Modbus table; replaced where the address itself says another.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="wire">Address on the wire; 0 when it is none.</param>
    /// <param name="error">What is allowed; null when it is an address.</param>
    public static bool TryRead(this AddressCounting counting, ref string table, string text, out int wire, out string? error)
    {
        (wire, error) = (0, null);
        var isNumber = int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (counting != AddressCounting.Manual)
        {
            var first = counting == AddressCounting.FromOne ? 1 : 0;
            if (isNumber && number >= first && number - first <= Last) wire = number - first;
            else error = $"Must be a whole number from {first} to {Last + first}, not '{text}'.";
            return error is null;
        }

        // The number says the table, except that a coil has nothing in front.
        foreach (var style in Styles)
        {
            if (!isNumber || (style.Table == ProfileWords.Coil && table != ProfileWords.Coil)) continue;
            if (OffsetOf(style, number) is not { } offset) continue;
            (table, wire) = (style.Table, offset);
            return true;
        }

        error = $"Must be {Allowed(table)}, not '{text}'.";
        return false;
    }

    /// <summary>What an address means, to stand beside the field: <c>holding register 0, in manuals also 40001</c>.</summary>
    /// <param name="counting">How the owner's table counts.</param>
    /// <param name="table">Word of the Modbus table.</param>
    /// <param name="wire">Address on the wire.</param>
    public static string Explain(this AddressCounting counting, string table, int wire)
    {
        var place = $"{NameOf(table)} {wire.ToString(CultureInfo.InvariantCulture)}";
        return counting == AddressCounting.Wire ? $"{place}, in manuals also {AddressCounting.Manual.Write(table, wire)}" : $"= {place} on the wire";
    }

    private static int? OffsetOf((string Table, int Short, int Long) style, int number)
    {
        if (style.Table == ProfileWords.Coil) return number is >= 1 and <= Last + 1 ? number - 1 : null;
        if (number >= style.Short && number < style.Short + ShortCount) return number - style.Short;
        return number >= style.Long && number <= style.Long + Last ? number - style.Long : null;
    }

    private static string Allowed(string table)
    {
        var style = StyleOf(table);
        return style.Table == ProfileWords.Coil
            ? $"1 to {Last + 1} for a coil"
            : $"{style.Short} to {style.Short + ShortCount - 1} or {style.Long} to {style.Long + Last} for {NameOf(table)}s";
    }

    private static (string Table, int Short, int Long) StyleOf(string table) =>
        Array.Find(Styles, style => style.Table == table) is { Table: not null } style ? style : Styles[0];

    private static string NameOf(string table) => table switch
    {
        ProfileWords.Input => "input register",
        ProfileWords.Coil => "coil",
        ProfileWords.Discrete => "discrete input",
        _ => "holding register",
    };
}
