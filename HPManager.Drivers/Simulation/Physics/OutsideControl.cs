namespace HPManager.Drivers.Simulation.Physics;

/// <summary>What an energy manager asks of the heat pump, beside the owner's settings and gone when it lets go. Immutable.</summary>
public sealed record OutsideControl
{
    /// <summary>Nothing.</summary>
    public static readonly OutsideControl None = new();

    /// <summary>Flow temperature instead of the heating curve's, °C; null for the curve.</summary>
    public double? FlowTarget { get; init; }

    /// <summary>Added to the flow temperature asked for, K.</summary>
    public double FlowOffset { get; init; }

    /// <summary>Hot water temperature instead of the owner's, °C; null for the owner's.</summary>
    public double? HotWaterTarget { get; init; }

    /// <summary>Added to the hot water temperature asked for, K.</summary>
    public double HotWaterOffset { get; init; }

    /// <summary>Forbids heating.</summary>
    public bool LocksHeating { get; init; }

    /// <summary>Forbids charging the tank.</summary>
    public bool LocksHotWater { get; init; }

    /// <summary>Electric power that is not to be exceeded, kW; null for no limit. The slowest speed of the compressor is kept all the same.</summary>
    public double? PowerLimit { get; init; }
}
