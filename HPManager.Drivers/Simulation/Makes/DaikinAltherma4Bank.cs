using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// An Altherma 4 with the server on board: the HomeHub's registers without those that only the hub has, targets in whole degrees beside targets in
/// hundredths, coils and discrete inputs. A heating-only machine with one zone and without a mixing kit.
/// </summary>
internal sealed class DaikinAltherma4Bank(SimulatedHeatPump pump) : DaikinBank(pump, Input, Settings, KeptAtFirst, smartGrid: 55, powerLimit: 57), IBitBank
{
    private const byte IllegalAddress = 2;
    private const int LowestFlow = 25;
    private const int HighestFlow = 60;
    private const int DemandResponse = 64;

    private static readonly Dictionary<int, Func<PlantState, double?>> Input = new()
    {
        [20] = _ => 0,
        [21] = _ => 0x2020,
        [22] = _ => NotAvailable,
        [29] = state => state.ChargePump > 0 ? 1 : 0,
        [30] = state => state.IsRunning ? 1 : 0,
        [31] = _ => 0,
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
        [62] = _ => 1,
        [63] = _ => 0,
        [65] = _ => 0,
        [66] = state => state.Activity == PlantActivity.HotWater ? 100 : 0,
        [67] = state => state.ChargePump,
        [68] = _ => null,
        [69] = _ => null,
        [70] = _ => null,
        [71] = _ => null,
        [72] = _ => null,
        [73] = state => state.Flow * Hundredths,
        [74] = state => state.Flow * Hundredths,
        [75] = state => state.HotWaterTop * Hundredths,
        [76] = state => state.HotWaterBottom * Hundredths,
        [77] = _ => null,
        [78] = _ => 1.6 * Hundredths,
        [79] = state => state.FlowTarget * Hundredths,
        [80] = _ => null,
        [81] = state => state.History.Faults.Count,
        [82] = state => state.Activity switch { PlantActivity.HotWater => 1, PlantActivity.Off => 0, _ => 2 },
        [83] = _ => 12 * Hundredths,
        [84] = _ => 30 * Hundredths,
        [85] = _ => null,
        [86] = _ => null,
    };

    private static readonly Dictionary<int, WordSetting> Settings = new()
    {
        [3] = new(plant => (short)(HeatsRooms(plant) ? 1 : 0), (plant, on) => plant.Mode = ModeOf(on != 0, HeatsTank(plant))),
        [5] = new(plant => (short)plant.RoomTarget, (plant, degrees) => plant.RoomTarget = degrees),
        [9] = new(plant => (short)plant.HotWaterTarget, (plant, degrees) => plant.HotWaterTarget = degrees),
        [12] = new(plant => (short)(plant.HotWaterBoost ? 1 : 0), (plant, on) => plant.HotWaterBoost = on != 0),
        [53] = new(plant => (short)plant.CurveOffset, (plant, kelvin) => plant.CurveOffset = kelvin),
        [75] = new(
            plant => (short)Math.Round(plant.RoomTarget * Hundredths), (plant, hundredths) => plant.RoomTarget = hundredths / (double)Hundredths),
    };

    private static readonly Dictionary<int, short> KeptAtFirst = new()
    {
        [0] = 35,
        [1] = 18,
        [2] = (short)NotAvailable,
        [6] = 24,
        [8] = 0,
        [13] = 5500,
        [14] = 0,
        [15] = 5000,
        [54] = 0,
        [55] = 0,
        [57] = NoLimit,
        [62] = (short)NotAvailable,
        [63] = (short)NotAvailable,
        [65] = (short)NotAvailable,
        [66] = (short)NotAvailable,
        [67] = 1,
        [68] = 0,
        [73] = 0,
        [74] = (short)NotAvailable,
        [76] = 2400,
        [77] = (short)NotAvailable,
        [78] = (short)NotAvailable,
        [79] = 0,
    };

    private static readonly Func<PlantState, bool>[] Discrete = DiscreteInputs();

    private readonly SimulatedHeatPump _pump = pump;
    private readonly bool[] _coils = new bool[7];

    /// <inheritdoc/>
    public byte ReadBits(bool discrete, ushort address, Span<bool> bits)
    {
        if (address + bits.Length > (discrete ? Discrete.Length : _coils.Length)) return IllegalAddress;
        var state = _pump.State;
        for (var index = 0; index < bits.Length; index++)
            bits[index] = discrete ? Discrete[address + index](state) : Coil(address + index);
        return 0;
    }

    /// <inheritdoc/>
    public byte WriteBit(ushort address, bool isOn)
    {
        if (address >= _coils.Length) return IllegalAddress;
        if (address == 0) _pump.Change(plant => plant.Mode = ModeOf(HeatsRooms(plant), isOn));
        else if (address == 1) _pump.Change(plant => plant.Mode = ModeOf(isOn, HeatsTank(plant)));
        else Volatile.Write(ref _coils[address], isOn);
        return 0;
    }

    // The state that is reported swaps codes 2 and 3 of the request.
    protected override int? Answer(int address) =>
        address != DemandResponse ? null : Kept(55) switch { 2 => 3, 3 => 2, var request => request };

    protected override short? Admitted(int address, short value) => address switch
    {
        0 => Math.Clamp(value, (short)LowestFlow, (short)HighestFlow),
        5 => Math.Clamp(value, (short)12, (short)30),
        6 => Math.Clamp(value, (short)12, (short)35),
        9 => Math.Clamp(value, (short)30, (short)85),
        13 or 15 => Math.Clamp(value, (short)3000, (short)8500),
        53 or 54 => Math.Clamp(value, (short)-10, (short)10),
        75 => Math.Clamp(value, (short)1200, (short)3000),
        76 => Math.Clamp(value, (short)1200, (short)3500),
        8 or 73 or 79 => value is >= 0 and <= 2 ? value : null,
        55 => value is >= 0 and <= 3 ? value : null,
        57 => value is >= 0 and <= NoLimit ? value : null,
        2 or 74 or 77 or 78 or (>= 62 and <= 66) => null,
        _ => value is 0 or 1 ? value : null,
    };

    private static Func<PlantState, bool>[] DiscreteInputs()
    {
        var inputs = new Func<PlantState, bool>[26];
        Array.Fill(inputs, _ => false);
        inputs[1] = state => state.HeaterPower > 0;
        inputs[10] = state => state.IsRunning;
        inputs[16] = state => state.Activity == PlantActivity.Defrost;
        inputs[18] = state => state.Activity == PlantActivity.HotWater;
        inputs[19] = state => state.Activity is PlantActivity.Heating or PlantActivity.Defrost;
        inputs[24] = state => state.ChargePump > 0;
        return inputs;
    }

    private static bool HeatsRooms(SimulatedPlant plant) => plant.Mode is PlantMode.Automatic or PlantMode.HeatingOnly;

    private static bool HeatsTank(SimulatedPlant plant) => plant.Mode is PlantMode.Automatic or PlantMode.HotWaterOnly;

    private static PlantMode ModeOf(bool heatsRooms, bool heatsTank) => (heatsRooms, heatsTank) switch
    {
        (true, true) => PlantMode.Automatic,
        (true, false) => PlantMode.HeatingOnly,
        (false, true) => PlantMode.HotWaterOnly,
        _ => PlantMode.Standby,
    };

    private bool Coil(int address) => address switch
    {
        0 => _pump.With(HeatsTank),
        1 => _pump.With(HeatsRooms),
        _ => Volatile.Read(ref _coils[address]),
    };
}
