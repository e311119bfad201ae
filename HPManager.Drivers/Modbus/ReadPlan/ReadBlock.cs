using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>One request of a poll. Immutable.</summary>
/// <param name="Table">Table.</param>
/// <param name="Start">First register.</param>
/// <param name="Count">Registers, 1 to 125.</param>
/// <param name="Points">Positions, in the list that was planned, of the points inside; by address.</param>
public sealed record ReadBlock(ModbusTable Table, ushort Start, ushort Count, IReadOnlyList<int> Points);
