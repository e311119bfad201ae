using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Inventory;

/// <summary>What circuits stand for. Their names come from files that differ with device and definitions.</summary>
internal static class Circuits
{
    public static CircuitRole RoleOf(string circuit) => circuit.ToLowerInvariant() switch
    {
        "hmu" or "hmux0" => CircuitRole.HeatPump,
        "ehp" => CircuitRole.Ehp,
        "700" or "720" => CircuitRole.Controller,
        "vwz" or "vwzio" => CircuitRole.ApplianceModule,
        "vr_71" => CircuitRole.Module,
        "mc" => CircuitRole.Mixer,
        "hwc" => CircuitRole.HotWater,
        "broadcast" => CircuitRole.Broadcast,
        var name when name.StartsWith("ctl", StringComparison.Ordinal) || name.StartsWith("bas", StringComparison.Ordinal) => CircuitRole.Controller,
        _ => CircuitRole.None,
    };

    /// <summary>Whether a line of a bus scan, as <c>08;Vaillant;HMU00;0901;5103</c>, names a heat pump.</summary>
    public static bool IsHeatPump(string scanned)
    {
        var parts = scanned.Split(';');
        return parts.Length >= 3 && parts[1] == "Vaillant"
            && (parts[2].StartsWith("HMU", StringComparison.OrdinalIgnoreCase) || parts[2].StartsWith("EHP", StringComparison.OrdinalIgnoreCase));
    }
}
