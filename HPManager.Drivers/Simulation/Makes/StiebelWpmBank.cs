using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>Which controllers speak the WPM's map, and what tells them apart.</summary>
/// <param name="Id">Controller identification.</param>
/// <param name="IsBuiltIn">A WPM 3i: few registers, pressures and hours of its own in them.</param>
/// <param name="HasExtension">Has the registers from 3643 on, among them the inverter's power.</param>
internal sealed record WpmController(int Id, bool IsBuiltIn, bool HasExtension)
{
    public static readonly WpmController WpmSystem = new(449, IsBuiltIn: false, HasExtension: true);
    public static readonly WpmController LwzR290 = new(551, IsBuiltIn: false, HasExtension: true);
    public static readonly WpmController Wpm3 = new(390, IsBuiltIn: false, HasExtension: false);
    public static readonly WpmController Wpm3i = new(391, IsBuiltIn: true, HasExtension: false);
}

/// <summary>
/// A WPM system or one of its relatives behind an ISG: status bits, and ranges that a controller lacks and refuses whole. What settings do, SG Ready among them, is in the
/// base.
/// </summary>
internal sealed class StiebelWpmBank(SimulatedHeatPump pump, WpmController controller)
    : IsgBank(pump, controller.Id, controller.IsBuiltIn ? BuiltInInput() : Input(), Settings, KeptAtFirst)
{
    private static readonly Dictionary<int, Func<PlantState, double?>> Measured = new()
    {
        [500] = state => state.Room * Tenths,
        [506] = state => state.Outdoor * Tenths,
        [507] = state => state.Flow * Tenths,
        [509] = state => state.FlowTarget * Tenths,
        [510] = _ => null,
        [514] = state => state.Flow * Tenths,
        [515] = state => state.Return * Tenths,
        [519] = _ => 1.6 * Hundredths,
        [520] = state => state.FlowRate * Hundredths,
        [521] = state => state.HotWaterTop * Tenths,
        [522] = _ => 48 * Tenths,
        [535] = state => state.SourceIn * Tenths,
        [541] = state => state.Return * Tenths,
        [542] = state => state.Flow * Tenths,
        [543] = state => state.HotGas * Tenths,
        [544] = state => state.LowPressure * Hundredths,
        [546] = state => state.HighPressure * Hundredths,
        [547] = state => state.FlowRate * Tenths,
        [583] = state => state.Room * Tenths,
        [584] = _ => 21.5 * Tenths,
        [2500] = StatusBits,
        [2501] = _ => 0,
        [2503] = _ => 0,
        [2504] = _ => 0,
        [2505] = state => state.Activity == PlantActivity.Defrost ? 1 : 0,
        [2506] = _ => null,
        [2508] = state => state.Activity is PlantActivity.Heating or PlantActivity.Defrost ? 1 : 0,
        [2513] = state => state.Activity == PlantActivity.HotWater ? 1 : 0,
        [2514] = state => state.IsRunning ? 1 : 0,
        [2524] = state => state.HeaterPower > 0 ? 1 : 0,
        [2541] = state => state.IsRunning ? 1 : 0,
        [3643] = state => Math.Floor(state.Hours - state.HotWaterHours),
        [3644] = state => Math.Floor(state.HotWaterHours),
        [3679] = state => state.ElectricPower * Tenths,
    };

    private static readonly Dictionary<int, WordSetting> Settings = new()
    {
        [1500] = new(
            plant => plant.Mode switch { PlantMode.Standby => 1, PlantMode.HotWaterOnly => 5, _ => 2 },
            (plant, mode) => plant.Mode = mode switch { 0 or 1 => PlantMode.Standby, 5 => PlantMode.HotWaterOnly, _ => PlantMode.Automatic }),
        [1501] = new(plant => (short)Math.Round(plant.RoomTarget * Tenths), (plant, tenths) => plant.RoomTarget = tenths / (double)Tenths),
        [1503] = new(plant => (short)Math.Round(plant.CurveSlope * Hundredths), (plant, hundredths) => plant.CurveSlope = hundredths / (double)Hundredths),
        [1509] = new(plant => (short)Math.Round(plant.HotWaterTarget * Tenths), (plant, tenths) => plant.HotWaterTarget = tenths / (double)Tenths),
    };

    private static readonly Dictionary<int, short> KeptAtFirst = new()
    {
        [1502] = 185,
        [1504] = 210,
        [1505] = 185,
        [1506] = 40,
        [1507] = 350,
        [1510] = 420,
        [1511] = 1,
        [1512] = -100,
        [1513] = 180,
        [1515] = 240,
        [1516] = 180,
        [1518] = 240,
        [1519] = 0,
        [1520] = 0,
    };

    // The runs that each controller serves.
    protected override bool IsRefused(bool isInput, int address) => base.IsRefused(isInput, address)
        || (!isInput && address is >= 1703 and <= 1751)
        || (isInput && !controller.HasExtension && address is >= 3643 and <= 3733)
        || (controller.IsBuiltIn && (isInput ? address is (> 540 and < 2500) or (> 2506 and < 3500) or (> 3521 and < 5000) : address is > 1520 and < 4000));

    // A reset is carried out and reads as nothing again.
    protected override short? Admitted(int address, short value) => address switch
    {
        1500 => value is >= 0 and <= 5 ? value : null,
        1519 or 1520 => null,
        _ => base.Admitted(address, value),
    };

    private static double? StatusBits(PlantState state)
    {
        var bits = 0;
        if (state.Activity is PlantActivity.Heating or PlantActivity.Defrost) bits |= 1 | (1 << 4);
        if (state.HeaterPower > 0) bits |= 1 << 3;
        if (state.Activity == PlantActivity.HotWater) bits |= 1 << 5;
        if (state.IsRunning) bits |= 1 << 6;
        if (state.Activity == PlantActivity.Defrost) bits |= 1 << 9;
        return bits;
    }

    private static Dictionary<int, Func<PlantState, double?>> Input()
    {
        var input = new Dictionary<int, Func<PlantState, double?>>(Measured);
        AddDayAndTotal(input, 3500, state => state.HeatingEnergy);
        AddDayAndTotal(input, 3503, state => state.HotWaterEnergy);
        AddTotal(input, 3506, state => state.HeaterEnergy);
        AddDayAndTotal(input, 3510, state => state.ElectricEnergy - state.HotWaterElectricEnergy);
        AddDayAndTotal(input, 3513, state => state.HotWaterElectricEnergy);
        return input;
    }

    // Pressures in tenths of a bar, and the hours that a WPM system has elsewhere.
    private static Dictionary<int, Func<PlantState, double?>> BuiltInInput() => new(Input())
    {
        [538] = state => state.HotGas * Tenths,
        [539] = state => state.HighPressure * Tenths,
        [540] = state => state.LowPressure * Tenths,
        [3516] = state => Math.Floor(state.Hours - state.HotWaterHours),
        [3517] = state => Math.Floor(state.HotWaterHours),
        [3518] = _ => 0,
        [3519] = state => Math.Floor(state.HeaterHours),
        [3520] = _ => 0,
        [3521] = _ => 0,
    };
}
