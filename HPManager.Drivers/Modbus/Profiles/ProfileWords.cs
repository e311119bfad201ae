using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>The words of a profile for what the code has types for.</summary>
internal static class ProfileWords
{
    public const string Holding = "holding";
    public const string Input = "input";

    private static readonly Dictionary<string, RegisterType> Types = new()
    {
        ["bool"] = RegisterType.Bool,
        ["int8"] = RegisterType.Int8,
        ["uint8"] = RegisterType.UInt8,
        ["int16"] = RegisterType.Int16,
        ["uint16"] = RegisterType.UInt16,
        ["int32"] = RegisterType.Int32,
        ["uint32"] = RegisterType.UInt32,
        ["float32"] = RegisterType.Float32,
    };

    public static IReadOnlyCollection<string> TypeKeys => Types.Keys;

    /// <summary>The table of a word; null for any other word.</summary>
    public static ModbusTable? Table(string? word) => word switch
    {
        Holding => ModbusTable.HoldingRegister,
        Input => ModbusTable.InputRegister,
        _ => null,
    };

    public static string Key(ModbusTable table) => table == ModbusTable.InputRegister ? Input : Holding;

    public static bool TryParseType(string word, out RegisterType type) => Types.TryGetValue(word, out type);

    public static int WordsOf(RegisterType type) => type is RegisterType.Int32 or RegisterType.UInt32 or RegisterType.Float32 ? 2 : 1;
}
