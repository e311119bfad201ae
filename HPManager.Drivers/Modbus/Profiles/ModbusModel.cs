using HPManager.Core.Manufacturers;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>A model that is read over Modbus, with the profile that describes it. Immutable.</summary>
public sealed record ModbusModel : HeatPumpModel
{
    /// <summary>Where the model's sensors live in the registers.</summary>
    public required ModbusProfile Profile { get; init; }
}
