using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.ReadPlan;

namespace HPManager.Tests.Drivers.Modbus.ReadPlan;

/// <summary>Points and rules in few words, and plans as text: <c>10(4)</c> reads four registers from 10.</summary>
internal static class PlanPoints
{
    public static readonly HashSet<int> NoneAlone = [];

    public static ModbusPoint Word(int address, ModbusTable table = ModbusTable.HoldingRegister) => Point(address, RegisterType.UInt16, table);

    public static ModbusPoint Double(int address, ModbusTable table = ModbusTable.HoldingRegister) => Point(address, RegisterType.Float32, table);

    public static ModbusPoint WriteOnly(int address)
    {
        var point = Word(address);
        return point with { Sensor = point.Sensor with { Access = SensorAccess.Write } };
    }

    public static BlockRules Rules(int maxWords = 40, int maxHole = 0, params int[] newRequestAt) => new(maxWords, maxHole, newRequestAt.ToHashSet());

    public static IReadOnlyList<ReadBlock> Plan(BlockRules rules, params IReadOnlyList<ModbusPoint> points) =>
        ReadPlanner.Plan(points, _ => rules, new ReadFindings(), NoneAlone);

    public static string Text(this IEnumerable<ReadBlock> plan) => string.Join(' ', plan.Select(block => $"{block.Start}({block.Count})"));

    private static ModbusPoint Point(int address, RegisterType type, ModbusTable table) => new()
    {
        Sensor = new SensorDefinition
        {
            Key = SensorKey.Parse($"at_{address}_{type}_{table}".ToLowerInvariant()),
            Label = $"At {address}",
            Category = SensorCategory.Other,
            Kind = ValueKind.Number,
        },
        Table = table,
        Address = (ushort)address,
        Type = type,
    };
}
