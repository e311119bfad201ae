using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>The words of a profile for what the code has types for.</summary>
internal static class ProfileWords
{
    public const string Holding = "holding";
    public const string Input = "input";
    public const string Coil = "coil";
    public const string Discrete = "discrete";

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
        ["int64"] = RegisterType.Int64,
        ["uint64"] = RegisterType.UInt64,
        ["float64"] = RegisterType.Float64,
        ["text"] = RegisterType.Text,
        ["fault_code"] = RegisterType.FaultCode,
    };

    private static readonly Dictionary<string, RegisterOrder> Orders = new()
    {
        ["abcd"] = RegisterOrder.Abcd,
        ["cdab"] = RegisterOrder.Cdab,
        ["badc"] = RegisterOrder.Badc,
        ["dcba"] = RegisterOrder.Dcba,
    };

    public static IReadOnlyList<string> TableKeys { get; } = [Holding, Input, Coil, Discrete];

    public static IReadOnlyCollection<string> TypeKeys => Types.Keys;

    public static IReadOnlyCollection<string> OrderKeys => Orders.Keys;

    /// <summary>The table of a word; null for any other word.</summary>
    public static ModbusTable? Table(string? word) => word switch
    {
        Holding => ModbusTable.HoldingRegister,
        Input => ModbusTable.InputRegister,
        Coil => ModbusTable.Coil,
        Discrete => ModbusTable.DiscreteInput,
        _ => null,
    };

    public static string Key(ModbusTable table) => table switch
    {
        ModbusTable.InputRegister => Input,
        ModbusTable.Coil => Coil,
        ModbusTable.DiscreteInput => Discrete,
        _ => Holding,
    };

    public static string Key(RegisterType type) => Types.First(pair => pair.Value == type).Key;

    public static bool TryParseType(string word, out RegisterType type) => Types.TryGetValue(word, out type);

    public static bool TryParseOrder(string word, out RegisterOrder order) => Orders.TryGetValue(word, out order);
}
