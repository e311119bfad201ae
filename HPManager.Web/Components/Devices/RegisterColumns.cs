using HPManager.Core.Sensors;
using HPManager.Core.Text;
using HPManager.Web.Components.Display;

namespace HPManager.Web.Components.Devices;

/// <summary>A choice of a column.</summary>
/// <param name="Word">What the register table holds; empty for the usual.</param>
/// <param name="Label">What a person reads.</param>
public sealed record ColumnChoice(string Word, string Label);

/// <summary>The columns of the register table that have a field, and the words that some of them take.</summary>
public static class RegisterColumns
{
    private static readonly HashSet<string> InTable = ["label", "table", "address", "type", "scale", "unit"];

    private static readonly Dictionary<string, string> InDetail = new()
    {
        ["offset"] = "Offset",
        ["length"] = "Registers of the text",
        ["bits"] = "Bits",
        ["order"] = "Byte order",
        ["plus"] = "Add registers",
        ["sentinels"] = "No value at",
        ["signal"] = "Meaning",
        ["category"] = "Group",
        ["value"] = "Kind of value",
        ["codes"] = "Words of codes",
        ["circuit"] = "Heating circuit or room",
        ["key"] = "Key",
        ["notes"] = "Notes",
        ["access"] = "Access",
        ["write_class"] = "Care when writing",
        ["min"] = "Smallest",
        ["max"] = "Largest",
        ["step"] = "Step",
        ["refresh_s"] = "Send again within (s)",
    };

    /// <summary>Modbus tables.</summary>
    public static IReadOnlyList<ColumnChoice> Tables { get; } =
        [new("holding", "Holding"), new("input", "Input"), new("coil", "Coil"), new("discrete", "Discrete")];

    /// <summary>Types of values in registers.</summary>
    public static IReadOnlyList<ColumnChoice> Types { get; } =
    [
        new("int16", "int16"), new("uint16", "uint16"), new("int32", "int32"), new("uint32", "uint32"), new("float32", "float32"), new("bool", "bool"),
        new("int8", "int8 (low byte)"), new("uint8", "uint8 (low byte)"), new("int64", "int64"), new("uint64", "uint64"), new("float64", "float64"),
        new("text", "text"), new("fault_code", "fault code"),
    ];

    /// <summary>What bits are.</summary>
    public static IReadOnlyList<ColumnChoice> BitTypes { get; } = [new("bool", "bool")];

    /// <summary>Units.</summary>
    public static IReadOnlyList<ColumnChoice> Units { get; } =
        [new("", "none"), .. Unit.KnownSymbols.Where(symbol => symbol.Length > 0).Select(symbol => new ColumnChoice(symbol, symbol))];

    /// <summary>Byte orders.</summary>
    public static IReadOnlyList<ColumnChoice> Orders { get; } =
    [
        new("abcd", "ABCD: high word first (usual)"), new("cdab", "CDAB: low word first"), new("badc", "BADC: high word first, bytes swapped"),
        new("dcba", "DCBA: low word first, bytes swapped"),
    ];

    /// <summary>Ways of access.</summary>
    public static IReadOnlyList<ColumnChoice> Accesses { get; } = [new("", "Read"), new("rw", "Read and write"), new("w", "Write only")];

    /// <summary>Care when writing.</summary>
    public static IReadOnlyList<ColumnChoice> WriteClasses { get; } =
    [
        new("eeprom", "Memory that wears out: on change, once a minute"), new("setting", "Setting: on change"), new("cyclic", "Input meant to be refreshed"),
        new("single_shot", "Triggers something once"),
    ];

    /// <summary>Kinds of values.</summary>
    public static IReadOnlyList<ColumnChoice> Kinds { get; } =
    [
        new("", "As the type says"), new("number", "Number"), new("counter", "Counter, only grows"), new("switch", "Switch, 0 or 1"),
        new("code", "Code, one word a number"), new("flags", "Flags, one word a bit"), new("text", "Text"),
    ];

    /// <summary>Groups.</summary>
    public static IReadOnlyList<ColumnChoice> Categories { get; } = [new("", "Other"), .. Words<SensorCategory>().Where(choice => choice.Word != "other")];

    /// <summary>Meanings.</summary>
    public static IReadOnlyList<ColumnChoice> Signals { get; } = [new("", "None of these"), .. Words<Signal>()];

    /// <summary>Whether the field of a column is to be seen.</summary>
    /// <param name="column">The column.</param>
    /// <param name="isOpen">Whether the details of the row are shown.</param>
    public static bool IsInView(string column, bool isOpen) => InTable.Contains(column) || (isOpen && InDetail.ContainsKey(column));

    /// <summary>What the field of a column is called.</summary>
    public static string NameOf(string column) => InDetail.GetValueOrDefault(column, column);

    private static IEnumerable<ColumnChoice> Words<T>()
        where T : struct, Enum =>
        SnakeCaseEnum.Keys<T>().Select(key => new ColumnChoice(key, ValueFormat.Words(key)));
}
