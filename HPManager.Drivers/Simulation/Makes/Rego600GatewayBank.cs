using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// An IVT with Rego 600 behind a Husdata gateway, with an external hot water tank: the sensor of the internal one is not there. Thread-safe.
/// </summary>
internal sealed class Rego600GatewayBank(SimulatedHeatPump heatPump, bool isOldFirmware = false) : GatewayBank(heatPump, isOldFirmware)
{
    private const int NotInstalled = -483;

    private readonly double _heater = heatPump.Parameters.HeaterOutput;
    private int _lastAlarm;

    /// <inheritdoc/>
    public override string InterfaceType => "00";

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Measured(SimulatedPlant plant, PlantState state)
    {
        if (plant.FaultCode is > 0 and <= 23) _lastAlarm = plant.FaultCode;
        return
        [
            ("0001", Tenths(state.Return)),
            ("0002", NotInstalled),
            ("0003", Tenths(state.Return)),
            ("0004", Tenths(state.Flow)),
            ("0005", Tenths(state.SourceIn)),
            ("0006", Tenths(state.SourceOut)),
            ("0007", Tenths(state.Outdoor)),
            ("0008", Tenths(state.Room)),
            ("0009", NotInstalled),
            ("000A", Tenths(state.HotWaterTop)),
            ("000B", Tenths(state.HotGas)),
            ("0107", Tenths(state.FlowTarget - 5)),
            ("0111", Tenths(plant.HotWaterTarget)),
            ("3104", Tenths(100 * Math.Min(1, state.HeaterPower / _heater))),
            ("1A01", Switch(state.IsRunning)),
            ("1A02", Switch(state.HeaterPower > 0)),
            ("1A03", Switch(state.HeaterPower > 3)),
            ("1A04", Switch(state.SourcePump > 0)),
            ("1A05", Switch(state.FlowRate > 0)),
            ("1A06", Switch(state.FlowRate > 0)),
            ("1A07", Switch(state.Activity == PlantActivity.HotWater)),
            ("1A20", Switch(plant.FaultCode != 0)),
            ("BA91", Count(_lastAlarm)),
            ("6C55", Count(state.Hours - state.HotWaterHours)),
            ("6C56", Count(state.HotWaterHours)),
            ("6C58", Count(state.HeaterHours)),
            ("6C59", Count(state.HeaterHours / 4)),
            ("CFAA", (long)Math.Round((state.ElectricPower + state.HeaterPower) * 1000)),
        ];
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Index, long Number)> Settings(SimulatedPlant plant) =>
    [
        ("0203", Tenths(plant.RoomTarget)),
        ("2204", 2 * Times),
        ("2205", Tenths(plant.CurveSlope * 5)),
        ("0207", Tenths(plant.CurveOffset)),
        ("0208", Tenths(plant.HotWaterTarget)),
        ("020A", Tenths(plant.HeatingLimit)),
        ("020B", 50),
        ("2210", 0),
        ("7209", 0),
        ("1215", 1),
        ("1233", 0),
    ];

    /// <inheritdoc/>
    protected override bool TryTake(SimulatedPlant plant, string index, short word)
    {
        switch (index)
        {
            case "0203":
                plant.RoomTarget = word / 10.0;
                return true;
            case "2205":
                plant.CurveSlope = word / 50.0;
                return true;
            case "0207":
                plant.CurveOffset = word / 10.0;
                return true;
            case "0208":
                plant.HotWaterTarget = word / 10.0;
                return true;
            case "020A":
                plant.HeatingLimit = word / 10.0;
                return true;
            case "12F2" when word == 0:
                plant.FaultCode = 0;
                return true;
            case "1233":
                plant.Outside = plant.Outside with { LocksHeating = word != 0, LocksHotWater = word != 0 };
                return false;
            default:
                return false;
        }
    }
}
