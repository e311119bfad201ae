using HPManager.Drivers.Modbus.Client;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Modbus.ReadPlan;

/// <summary>One request of a poll. Immutable.</summary>
/// <param name="Table">Table.</param>
/// <param name="Start">First register.</param>
/// <param name="Count">Registers, 1 to 125; or bits, 1 to 2000.</param>
/// <param name="Points">Positions, in the list that was planned, of the points inside; by address.</param>
public sealed record ReadBlock(ModbusTable Table, ushort Start, ushort Count, IReadOnlyList<int> Points)
{
    /// <summary>The request that reads these points and what lies between them.</summary>
    /// <param name="points">The list that is planned.</param>
    /// <param name="positions">At least one position, by address and all in one table.</param>
    public static ReadBlock Of(IReadOnlyList<ModbusPoint> points, IReadOnlyList<int> positions)
    {
        var first = points[positions[0]];
        var end = first.End;
        foreach (var position in positions) end = Math.Max(end, points[position].End);
        return new ReadBlock(first.Table, first.Address, (ushort)(end - first.Address), positions);
    }

    /// <summary>The request without the points before the first and behind the last member given.</summary>
    /// <param name="points">The list that was planned.</param>
    /// <param name="from">Index of its first member.</param>
    /// <param name="to">Index behind its last member.</param>
    public ReadBlock Part(IReadOnlyList<ModbusPoint> points, int from, int to) => Of(points, [.. Points.Skip(from).Take(to - from)]);
}
