using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// The smart home interface of a Luxtronik 2.1 with firmware 3.92.1: islands of registers, a read that touches a hole fails whole, a write is carried out
/// up to it. What is written asks something of the plant beside the owner's settings, and is gone with the server. Levels are kept without
/// effect, since no source proves what they mean. Addresses and scales are written down here once more, apart from the profile.
/// </summary>
internal sealed class LuxtronikSmartHomeBank(SimulatedHeatPump pump) : IRegisterBank
{
    private const byte IllegalAddress = 2;
    private const short NotAvailable = 32767;
    private const int NoMixer = 750;
    private const int SetpointMode = 1;
    private const int OffsetMode = 2;
    private const int HardLimit = 2;
    private const int HotWaterExtra = 10071;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, short> _holding = new()
    {
        [10000] = 0,
        [10001] = 350,
        [10002] = 0,
        [10003] = 0,
        [10005] = 0,
        [10006] = 400,
        [10007] = 0,
        [10008] = 0,
        [10010] = 0,
        [10011] = 350,
        [10012] = 0,
        [10013] = 0,
        [10015] = 0,
        [10016] = 200,
        [10017] = 0,
        [10020] = 0,
        [10021] = 350,
        [10022] = 0,
        [10023] = 0,
        [10025] = 0,
        [10026] = 200,
        [10027] = 0,
        [10030] = 0,
        [10031] = 350,
        [10032] = 0,
        [10033] = 0,
        [10035] = 0,
        [10036] = 200,
        [10037] = 0,
        [10040] = 0,
        [10041] = 300,
        [10050] = 0,
        [10051] = 0,
        [10052] = 0,
        [10053] = 0,
        [10065] = 0,
        [10066] = 0,
        [10067] = 0,
        [10070] = 0,
        [HotWaterExtra] = 0,
    };

    /// <inheritdoc/>
    public byte Read(bool input, ushort address, Span<ushort> words)
    {
        lock (_gate)
        {
            _holding[HotWaterExtra] = Bit(pump.With(plant => plant.HotWaterBoost));
            var registers = input ? pump.With(Inputs) : _holding;
            for (var index = 0; index < words.Length; index++)
            {
                if (!registers.TryGetValue(address + index, out var word)) return IllegalAddress;
                words[index] = unchecked((ushort)word);
            }

            return 0;
        }
    }

    /// <inheritdoc/>
    public byte Write(ushort address, ReadOnlySpan<ushort> words)
    {
        lock (_gate)
        {
            for (var index = 0; index < words.Length; index++)
            {
                if (!_holding.ContainsKey(address + index)) return IllegalAddress;
                _holding[address + index] = unchecked((short)words[index]);
                var asked = Asked();
                var isExtra = _holding[HotWaterExtra] != 0;
                pump.Change(plant =>
                {
                    plant.Outside = asked;
                    if (address + index == HotWaterExtra) plant.HotWaterBoost = isExtra;
                });
            }

            return 0;
        }
    }

    // A mode makes the value beside it count. A soft limit of the power is a wish, and this heat pump does not fulfil it.
    private OutsideControl Asked() => new()
    {
        FlowTarget = _holding[10000] == SetpointMode ? Degrees(10001) + LuxtronikCalculations.Spread : null,
        FlowOffset = (_holding[10000] == OffsetMode ? Degrees(10002) : 0) + (_holding[10065] == OffsetMode ? Degrees(10066) : 0),
        HotWaterTarget = _holding[10005] == SetpointMode ? Degrees(10006) : null,
        HotWaterOffset = (_holding[10005] == OffsetMode ? Degrees(10007) : 0) + (_holding[10065] == OffsetMode ? Degrees(10066) : 0),
        LocksHeating = _holding[10050] != 0,
        LocksHotWater = _holding[10051] != 0,
        PowerLimit = _holding[10040] == HardLimit ? Degrees(10041) : null,
    };

    private double Degrees(int address) => _holding[address] / 10d;

    private Dictionary<int, short> Inputs(SimulatedPlant plant)
    {
        var state = plant.State;
        Dictionary<int, short> registers = new()
        {
            [10000] = (short)(Bit(state.IsRunning) + (4 * Bit(state.HeaterPower > 0))),
            [10002] = Mode(state.Activity),
            [10003] = Demand(LuxtronikSettings.IsHeatingOn(plant) && !plant.Outside.LocksHeating, state.Activity == PlantActivity.Heating),
            [10004] = Demand(LuxtronikSettings.IsHotWaterOn(plant) && !plant.Outside.LocksHotWater, state.Activity == PlantActivity.HotWater),
            [10006] = 0,
            [10007] = 0,
            [10100] = Tenths(state.Return),
            [10101] = Tenths(state.FlowTarget - LuxtronikCalculations.Spread),
            [10102] = NotAvailable,
            [10103] = Tenths(50),
            [10104] = Tenths(15),
            [10105] = Tenths(state.Flow),
            [10106] = Tenths(state.Room),
            [10107] = Tenths(plant.HeatingLimit),
            [10108] = Tenths(state.Outdoor),
            [10109] = Tenths(state.OutdoorAverage),
            [10110] = Tenths(state.SourceIn),
            [10111] = Tenths(state.SourceOut),
            [10112] = Tenths(60),
            [10120] = Tenths(state.HotWaterTop),
            [10121] = Tenths((plant.Outside.HotWaterTarget ?? plant.HotWaterTarget) + plant.Outside.HotWaterOffset),
            [10122] = Tenths(30),
            [10123] = Tenths(60),
            [10124] = Tenths(40),
            [10201] = (short)plant.FaultCode,
            [10202] = 0,
            [10203] = (short)pump.Parameters.MinRest.TotalMinutes,
            [10204] = (short)pump.Parameters.MinRun.TotalMinutes,
            [10205] = 0,
            [10206] = 0,
            [10207] = 0,
            [10300] = Tenths(state.ThermalPower),
            [10301] = Tenths(state.ElectricPower + state.HeaterPower),
            [10302] = Tenths(0.5),
            [10400] = 3,
            [10401] = 92,
            [10402] = 1,
        };
        foreach (var circuit in (int[])[10140, 10150, 10160])
        {
            registers[circuit] = NoMixer;
            for (var limit = 1; limit <= 3; limit++) registers[circuit + limit] = NotAvailable;
        }

        AddEnergies(registers, 10310, state.ElectricEnergy, state.ElectricEnergy - state.HotWaterElectricEnergy, state.HotWaterElectricEnergy);
        AddEnergies(registers, 10320, state.HeatingEnergy + state.HotWaterEnergy, state.HeatingEnergy, state.HotWaterEnergy);
        return registers;
    }

    // In all, for heating, hot water, cooling and pool; two registers each, the high word first.
    private static void AddEnergies(Dictionary<int, short> registers, int address, double total, double heating, double hotWater)
    {
        foreach (var energy in (double[])[total, heating, hotWater, 0, 0])
        {
            var raw = (int)Math.Round(energy * 10);
            registers[address++] = (short)(raw >> 16);
            registers[address++] = unchecked((short)raw);
        }
    }

    private static short Mode(PlantActivity activity) => activity switch
    {
        PlantActivity.Heating => 0,
        PlantActivity.HotWater => 1,
        PlantActivity.Defrost => 4,
        _ => 5,
    };

    private static short Demand(bool isOn, bool isActive)
    {
        if (!isOn) return 0;
        return (short)(isActive ? 3 : 1);
    }

    private static short Bit(bool isSet) => (short)(isSet ? 1 : 0);

    private static short Tenths(double value) => (short)Math.Round(value * 10);
}
