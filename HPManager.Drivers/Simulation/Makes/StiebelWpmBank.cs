using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// A WPM system behind an ISG: 0x8000 for what is not fitted, today's energy beside totals in whole kWh and MWh, status bits, SG Ready
/// inputs. It has no energy management extension, and refuses those ranges whole.
/// </summary>
internal sealed class StiebelWpmBank(SimulatedHeatPump pump) : GappyBank(pump, NotAvailable, Input(), Settings, KeptAtFirst)
{
    private const ushort NotAvailable = 0x8000;
    private const int WpmSystem = 449;
    private const int Tenths = 10;
    private const int Hundredths = 100;
    private const int KilowattHoursPerMegawattHour = 1000;

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
        [3506] = state => Math.Floor(state.HeaterEnergy) % KilowattHoursPerMegawattHour,
        [3507] = state => Math.Floor(state.HeaterEnergy / KilowattHoursPerMegawattHour),
        [3513] = _ => 0,
        [3514] = _ => 0,
        [3515] = _ => 0,
        [3643] = state => Math.Floor(state.Hours - state.HotWaterHours),
        [3644] = state => Math.Floor(state.HotWaterHours),
        [3679] = state => state.ElectricPower * Tenths,
        [5000] = _ => 2,
        [5001] = _ => WpmSystem,
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
        [4000] = 1,
        [4001] = 0,
        [4002] = 0,
    };

    protected override bool IsRefused(bool isInput, int address) => isInput ? address is >= 5219 and <= 5230 : address is (>= 1703 and <= 1751) or (>= 4249 and <= 4277);

    // A reset is carried out and reads as nothing again.
    protected override short? Admitted(int address, short value) => address is 1519 or 1520 ? null : value;

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
        AddDayAndTotal(3500, state => state.HeatingEnergy);
        AddDayAndTotal(3503, state => state.HotWaterEnergy);
        AddDayAndTotal(3510, state => state.ElectricEnergy);
        return input;

        void AddDayAndTotal(int address, Func<PlantState, double> energy)
        {
            var book = new DayBook();
            input[address] = state => book.Today(state.At, energy(state));
            input[address + 1] = state => book.Total(state.At, energy(state)) % KilowattHoursPerMegawattHour;
            input[address + 2] = state => Math.Floor(book.Total(state.At, energy(state)) / KilowattHoursPerMegawattHour);
        }
    }

    /// <summary>Energy as the gateway keeps it: whole kWh of today, moved into the total at midnight.</summary>
    private sealed class DayBook
    {
        private readonly Lock _gate = new();
        private DateOnly _day;
        private double _total;

        public double Today(DateTimeOffset at, double energy) => Math.Floor(energy) - Total(at, energy);

        public double Total(DateTimeOffset at, double energy)
        {
            lock (_gate)
            {
                var day = DateOnly.FromDateTime(at.UtcDateTime);
                if (day == _day) return _total;
                (_day, _total) = (day, Math.Floor(energy));
                return _total;
            }
        }
    }
}
