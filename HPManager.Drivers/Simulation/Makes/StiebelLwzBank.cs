using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// An LWZ integral unit with ventilation, or an LWA without, behind an ISG: registers of its own, one heating circuit, no solar. Flow and pressure are in tenths here,
/// and the compressor's starts are thousands and units in two registers that do not touch. The range of the inverter's power is refused.
/// </summary>
/// <param name="pump">What lives behind it.</param>
/// <param name="controller">103, or 104 for the LWZ x04 SOL.</param>
/// <param name="hasVentilation">false for an LWA, which lacks a part of the registers.</param>
internal sealed class StiebelLwzBank(SimulatedHeatPump pump, int controller, bool hasVentilation)
    : IsgBank(pump, controller, Input(hasVentilation), Settings, KeptAtFirst(hasVentilation))
{
    private const int Thousand = 1000;

    private static readonly int[] LwzOnlyInputs = [13, 14, 17, 18, 21, 22, 23, 24, 25, 26, 31, 32, 3028];

    private static readonly Dictionary<int, Func<PlantState, double?>> Measured = new()
    {
        [0] = state => state.Room * Tenths,
        [1] = _ => 21.5 * Tenths,
        [2] = _ => null,
        [3] = _ => null,
        [4] = _ => null,
        [5] = _ => null,
        [6] = state => state.Outdoor * Tenths,
        [7] = state => state.Flow * Tenths,
        [8] = state => state.FlowTarget * Tenths,
        [9] = _ => null,
        [10] = _ => null,
        [11] = state => state.Flow * Tenths,
        [12] = state => state.Return * Tenths,
        [13] = _ => 1.6 * Tenths,
        [14] = state => state.FlowRate * Tenths,
        [15] = state => state.HotWaterTop * Tenths,
        [16] = _ => 48 * Tenths,
        [17] = _ => 32,
        [18] = _ => 130,
        [19] = _ => 33,
        [20] = _ => 130,
        [21] = _ => 42,
        [22] = state => state.Room * Tenths,
        [23] = _ => 8.2 * Tenths,
        [24] = _ => null,
        [25] = _ => null,
        [26] = _ => null,
        [27] = state => state.HotGas * Tenths,
        [28] = state => state.HighPressure * Hundredths,
        [29] = state => state.LowPressure * Hundredths,
        [30] = state => state.Starts / Thousand,
        [31] = state => state.Speed * Tenths,
        [32] = state => Math.Max(0, (state.HotWaterTop - 30) * 12),
        [33] = state => state.Starts % Thousand,
        [2000] = StatusBits,
        [2001] = _ => 0,
        [2002] = _ => 0,
        [2003] = state => state.Activity == PlantActivity.Defrost ? 1 : 0,
        [2004] = state => state.OutdoorAverage > 15 ? 1 : 0,
        [3027] = state => Math.Floor(state.Hours - state.HotWaterHours),
        [3028] = _ => 0,
        [3029] = state => Math.Floor(state.HotWaterHours),
        [3030] = state => Math.Floor(state.HeaterHours),
        [3031] = _ => 0,
    };

    private static readonly Dictionary<int, WordSetting> Settings = new()
    {
        [1000] = new(
            plant => plant.Mode switch { PlantMode.Standby => 1, PlantMode.HotWaterOnly => 5, _ => 11 },
            (plant, mode) => plant.Mode = mode switch { 0 or 1 => PlantMode.Standby, 5 => PlantMode.HotWaterOnly, _ => PlantMode.Automatic }),
        [1001] = new(plant => (short)Math.Round(plant.RoomTarget * Tenths), (plant, tenths) => plant.RoomTarget = tenths / (double)Tenths),
        [1007] = new(plant => (short)Math.Round(plant.CurveSlope * Hundredths), (plant, hundredths) => plant.CurveSlope = hundredths / (double)Hundredths),
        [1011] = new(plant => (short)Math.Round(plant.HotWaterTarget * Tenths), (plant, tenths) => plant.HotWaterTarget = tenths / (double)Tenths),
    };

    protected override bool IsRefused(bool isInput, int address) => base.IsRefused(isInput, address) || (isInput && address is >= 3679 and <= 3697);

    // A reset is carried out and reads as nothing again; of operating modes only those that exist are taken.
    protected override short? Admitted(int address, short value) => address switch
    {
        1000 => value is 0 or 1 or 3 or 4 or 5 or 11 or 14 ? value : null,
        >= 1017 and <= 1020 => value is >= 0 and <= 3 ? value : null,
        1025 or 1026 => null,
        _ => base.Admitted(address, value),
    };

    private static double? StatusBits(PlantState state)
    {
        var bits = 1 << 9;
        if (state.IsRunning) bits |= 1 << 1;
        if (state.Activity is PlantActivity.Heating or PlantActivity.Defrost) bits |= (1 << 2) | (1 << 10);
        if (state.Activity == PlantActivity.HotWater) bits |= 1 << 4;
        if (state.HeaterPower > 0) bits |= 1 << 5;
        if (state.Activity == PlantActivity.Defrost) bits |= 1 << 11;
        return bits;
    }

    private static Dictionary<int, Func<PlantState, double?>> Input(bool hasVentilation)
    {
        var input = new Dictionary<int, Func<PlantState, double?>>(Measured);
        AddDayAndTotal(input, 3000, state => state.HeatingEnergy);
        AddDayAndTotal(input, 3003, state => state.HotWaterEnergy);
        AddTotal(input, 3006, state => state.HeaterEnergy);
        AddTotal(input, 3008, _ => 0);
        AddDayAndTotal(input, 3021, state => state.ElectricEnergy - state.HotWaterElectricEnergy);
        AddDayAndTotal(input, 3024, state => state.HotWaterElectricEnergy);
        if (!hasVentilation)
        {
            foreach (var address in LwzOnlyInputs) input.Remove(address);
        }

        return input;
    }

    private static Dictionary<int, short> KeptAtFirst(bool hasVentilation)
    {
        var kept = new Dictionary<int, short>
        {
            [1002] = 185,
            [1003] = 350,
            [1004] = 210,
            [1005] = 185,
            [1006] = 350,
            [1008] = 220,
            [1009] = 40,
            [1010] = 220,
            [1012] = 420,
            [1013] = 480,
            [1017] = 2,
            [1018] = 1,
            [1019] = 3,
            [1020] = 2,
            [1026] = 0,
        };
        if (!hasVentilation) return kept;
        foreach (var address in (int[])[1014, 1015, 1016]) kept[address] = 200;
        foreach (var address in (int[])[1021, 1022, 1023, 1024]) kept[address] = 240;
        kept[1025] = 0;
        return kept;
    }
}
