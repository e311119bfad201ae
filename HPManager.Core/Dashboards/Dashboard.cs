using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.Dashboards;

/// <summary>An owner's own arrangement of sensors.</summary>
public sealed record Dashboard
{
    /// <summary>Identity; 0 before it is kept.</summary>
    public int Id { get; init; }

    /// <summary>The heat pump it belongs to.</summary>
    public required HeatPumpId HeatPumpId { get; init; }

    /// <summary>Name, 1 to 80 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Tiles in order, at most 50.</summary>
    public required IReadOnlyList<Tile> Tiles { get; init; }

    /// <summary>A tile.</summary>
    /// <param name="Title">1 to 80 characters.</param>
    /// <param name="Sensors">1 to 20 sensors of the heat pump.</param>
    /// <param name="IsChart">Drawn over time instead of as numbers.</param>
    public sealed record Tile(string Title, IReadOnlyList<SensorKey> Sensors, bool IsChart);
}
