using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// An Altherma 3 behind a HomeHub: measurements in hundredths, setpoints in whole degrees, 32766 for what the installation lacks. Setpoints
/// outside of their limits are moved to the nearest one, other values outside are ignored.
/// </summary>
internal sealed class DaikinHomeHubBank(SimulatedHeatPump pump) : DaikinBank(pump, Input, Settings, KeptAtFirst, smartGrid: 55, powerLimit: 57)
{
    private const int LowestFlow = 25;
    private const int HighestFlow = 60;

    private static readonly Dictionary<int, Func<PlantState, double?>> Input = new()
    {
        [20] = _ => 0,
        [21] = _ => 0x2020,
        [22] = _ => NotAvailable,
        [29] = state => state.ChargePump > 0 ? 1 : 0,
        [30] = state => state.IsRunning ? 1 : 0,
        [31] = state => state.HeaterPower > 0 ? 1 : 0,
        [32] = _ => 0,
        [34] = state => state.Activity == PlantActivity.Defrost ? 1 : 0,
        [35] = _ => 0,
        [36] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        [37] = state => state.Activity == PlantActivity.Off ? 0 : 1,
        [39] = state => state.Flow * Hundredths,
        [40] = state => state.Flow * Hundredths,
        [41] = state => state.Return * Hundredths,
        [42] = state => state.HotWaterTop * Hundredths,
        [43] = state => state.Outdoor * Hundredths,
        [44] = state => (state.Return + 1.5) * Hundredths,
        [48] = state => state.FlowRate * Hundredths,
        [49] = state => state.Room * Hundredths,
        [50] = state => (state.ElectricPower + state.HeaterPower) * Hundredths,
        [51] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        [52] = state => state.Activity is PlantActivity.Heating or PlantActivity.Defrost ? 1 : 0,
        [53] = _ => LowestFlow * Hundredths,
        [54] = _ => HighestFlow * Hundredths,
        [55] = _ => null,
        [56] = _ => null,
        [57] = _ => null,
        [58] = _ => null,
        [59] = _ => null,
        [60] = _ => null,
    };

    private static readonly Dictionary<int, WordSetting> Settings = new()
    {
        [3] = new(
            plant => (short)(plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly ? 1 : 0),
            (plant, on) => plant.Mode = (on != 0, plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly) switch
            {
                (true, true) => PlantMode.Automatic,
                (true, false) => PlantMode.HeatingOnly,
                (false, true) => PlantMode.HotWaterOnly,
                _ => PlantMode.Standby,
            }),
        [5] = new(plant => (short)plant.RoomTarget, (plant, degrees) => plant.RoomTarget = degrees),
        [9] = new(plant => (short)plant.HotWaterTarget, (plant, degrees) => plant.HotWaterTarget = degrees),
        [12] = new(plant => (short)(plant.HotWaterBoost ? 1 : 0), (plant, on) => plant.HotWaterBoost = on != 0),
        [53] = new(plant => (short)plant.CurveOffset, (plant, kelvin) => plant.CurveOffset = kelvin),
    };

    // A heating-only machine without an additional zone: operating mode and the zone's registers read as not available.
    private static readonly Dictionary<int, short> KeptAtFirst = new()
    {
        [0] = 35,
        [1] = 18,
        [2] = (short)NotAvailable,
        [6] = 24,
        [8] = 0,
        [11] = 1,
        [52] = 1,
        [54] = 0,
        [55] = 0,
        [56] = NoLimit,
        [57] = NoLimit,
        [58] = 0,
        [60] = 0,
        [62] = (short)NotAvailable,
        [63] = (short)NotAvailable,
        [64] = (short)NotAvailable,
        [65] = (short)NotAvailable,
        [66] = (short)NotAvailable,
    };

    protected override short? Admitted(int address, short value) => address switch
    {
        0 => Math.Clamp(value, (short)LowestFlow, (short)HighestFlow),
        5 => Math.Clamp(value, (short)12, (short)30),
        6 => Math.Clamp(value, (short)15, (short)35),
        9 => Math.Clamp(value, (short)30, (short)60),
        53 or 54 => Math.Clamp(value, (short)-10, (short)10),
        52 or 55 => value is >= 0 and <= 3 ? value : null,
        56 or 57 => value is >= 0 and <= NoLimit ? value : null,
        2 or (>= 62 and <= 66) => null,
        _ => value is 0 or 1 ? value : null,
    };
}
