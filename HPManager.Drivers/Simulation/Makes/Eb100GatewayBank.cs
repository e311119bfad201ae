using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>A NIBE with EB100 behind a Husdata gateway, without a room sensor. Thread-safe.</summary>
internal sealed class Eb100GatewayBank(SimulatedHeatPump heatPump, bool isOldFirmware = false) : GatewayBank(heatPump, isOldFirmware)
{
    private const int NotConnected = 32758;

    private readonly double _heater = heatPump.Parameters.HeaterOutput;

    /// <inheritdoc/>
    public override string InterfaceType => "40";

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Measured(SimulatedPlant plant, PlantState state) =>
    [
        ("0002", Tenths(state.Flow)),
        ("0003", Tenths(state.Return)),
        ("0004", Tenths(state.Flow)),
        ("0005", Tenths(state.SourceIn)),
        ("0006", Tenths(state.SourceOut)),
        ("0007", Tenths(state.Outdoor)),
        ("0008", NotConnected),
        ("0009", Tenths(state.HotWaterTop)),
        ("000A", Tenths(state.HotWaterBottom)),
        ("000B", Tenths(state.HotGas)),
        ("000C", Tenths(state.SuctionGas)),
        ("000D", Tenths(state.Condensing - 3)),
        ("0107", Tenths(state.FlowTarget)),
        ("3104", Tenths(100 * Math.Min(1, state.HeaterPower / _heater))),
        ("9124", Tenths(state.HeaterPower) * Times / 10),
        ("4101", Tenths(state.PhaseCurrent)),
        ("4102", Tenths(state.PhaseCurrent)),
        ("4103", Tenths(state.PhaseCurrent)),
        ("1A01", Switch(state.IsRunning)),
        ("1A04", Switch(state.SourcePump > 0)),
        ("1A05", Switch(state.FlowRate > 0)),
        ("1A07", Switch(state.Activity == PlantActivity.HotWater)),
        ("2A20", Count(plant.FaultCode)),
        ("8105", Tenths(state.DegreeMinutes) * Times / 10),
        ("5C51", Tenths(state.HeatingEnergy + state.HotWaterEnergy)),
        ("5C53", Tenths(state.HotWaterEnergy)),
        ("CFAA", (long)Math.Round((state.ElectricPower + state.HeaterPower) * 1000)),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Settings(SimulatedPlant plant) =>
    [
        ("2201", 0),
        ("0203", Tenths(plant.RoomTarget)),
        ("2205", Count(9)),
        ("2207", Count(plant.CurveOffset)),
        ("2213", (plant.HotWaterBoost ? 2 : 1) * Times),
    ];

    /// <inheritdoc/>
    protected override bool TryTake(SimulatedPlant plant, string index, short word)
    {
        switch (index)
        {
            case "0203":
                plant.RoomTarget = word / 10.0;
                return true;
            case "2213" when Code(word) is 1 or 2:
                plant.HotWaterBoost = Code(word) == 2;
                return true;
            case "22F2" when word == 1:
                plant.FaultCode = 0;
                return true;
            default:
                return false;
        }
    }
}
