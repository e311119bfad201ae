using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A Thermia Diplomat behind a Husdata gateway. Thread-safe.</summary>
internal sealed class ThermiaGatewayBank(SimulatedHeatPump heatPump, bool isOldFirmware = false) : GatewayBank(heatPump, isOldFirmware)
{
    private readonly double _heater = heatPump.Parameters.HeaterOutput;

    /// <inheritdoc/>
    public override string InterfaceType => "60";

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Measured(SimulatedPlant plant, PlantState state) =>
    [
        ("0001", Tenths(state.Return)),
        ("0002", Tenths(state.Flow)),
        ("0005", Tenths(state.SourceIn)),
        ("0006", Tenths(state.SourceOut)),
        ("0007", Tenths(state.Outdoor)),
        ("0008", Tenths(state.Room)),
        ("0009", Tenths(state.HotWaterTop)),
        ("0012", Tenths(state.HotGas)),
        ("0107", Tenths(state.FlowTarget)),
        ("3104", Tenths(100 * Math.Min(1, state.HeaterPower / _heater))),
        ("3109", Tenths(state.ChargePump)),
        ("3110", Tenths(state.SourcePump)),
        ("1A01", Switch(state.IsRunning)),
        ("1A04", Switch(state.SourcePump > 0)),
        ("1A06", Switch(state.FlowRate > 0)),
        ("1A07", Switch(state.Activity == PlantActivity.HotWater)),
        ("1A20", Switch(plant.FaultCode != 0)),
        ("2A91", Count(plant.FaultCode)),
        ("8105", Tenths(state.DegreeMinutes) * Times / 10),
        ("6C60", Count(state.Hours)),
        ("6C63", Count(state.HeaterHours)),
        ("6C64", Count(state.HotWaterHours)),
        ("6C66", Count(state.HeaterHours / 3)),
        ("CFAA", (long)Math.Round((state.ElectricPower + state.HeaterPower) * 1000)),
        ("5FAB", (long)Math.Floor(state.ElectricEnergy)),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Settings(SimulatedPlant plant) =>
    [
        ("2201", 10 * (plant.Mode switch { PlantMode.Standby => 0, PlantMode.HotWaterOnly => 4, _ => 1 })),
        ("0203", Tenths(plant.RoomTarget)),
        ("2204", 2 * Times),
        ("0205", Tenths(20 + (40 * plant.CurveSlope))),
        ("0206", 550),
        ("0208", 600),
        ("0211", Tenths(plant.HeatingLimit)),
        ("0212", Tenths(plant.HotWaterTarget - 5)),
        ("0217", 0),
        ("0233", 20),
    ];

    /// <inheritdoc/>
    protected override bool TryTake(SimulatedPlant plant, string index, short word)
    {
        switch (index)
        {
            case "2201" when Code(word) is >= 0 and <= 4:
                plant.Mode = Code(word) switch { 0 => PlantMode.Standby, 4 => PlantMode.HotWaterOnly, _ => PlantMode.Automatic };
                return true;
            case "0203":
                plant.RoomTarget = word / 10.0;
                return true;
            case "0205":
                plant.CurveSlope = ((word / 10.0) - 20) / 40;
                return true;
            case "0211":
                plant.HeatingLimit = word / 10.0;
                return true;
            case "0212":
                plant.HotWaterTarget = (word / 10.0) + 5;
                return true;
            default:
                return false;
        }
    }
}
