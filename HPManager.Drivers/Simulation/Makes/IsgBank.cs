using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// What all controllers behind an ISG share: 0x8000 for what is not fitted, the controller's number, today's energy beside totals in whole kWh and MWh, and
/// SG Ready with its two inputs behind a switch. No energy management extension: those ranges are refused whole.
/// </summary>
/// <param name="pump">What lives behind it.</param>
/// <param name="controller">Controller identification.</param>
/// <param name="input">Input registers.</param>
/// <param name="settings">Holding registers that act on the plant.</param>
/// <param name="kept">Holding registers that are merely kept, SG Ready left out.</param>
internal abstract class IsgBank(
    SimulatedHeatPump pump,
    int controller,
    IReadOnlyDictionary<int, Func<PlantState, double?>> input,
    IReadOnlyDictionary<int, WordSetting> settings,
    IReadOnlyDictionary<int, short> kept) : GappyBank(pump, NotAvailable, input, settings, new Dictionary<int, short>(kept) { [4000] = 1, [4001] = 0, [4002] = 0 })
{
    /// <summary>The object is not available.</summary>
    protected const ushort NotAvailable = 0x8000;

    /// <summary>Degrees in most registers.</summary>
    protected const int Tenths = 10;

    /// <summary>Bar and slopes in most registers.</summary>
    protected const int Hundredths = 100;

    private const int KilowattHoursPerMegawattHour = 1000;

    /// <summary>SG Ready: 0 while it is off, 1 frost protection only, 2 normal, 3 raised, 4 maximum.</summary>
    private int SmartGridState => (Kept(4000), Kept(4001), Kept(4002)) switch
    {
        (0, _, _) => 0,
        (_, 0, 0) => 2,
        (_, 0, _) => 1,
        (_, _, 0) => 3,
        _ => 4,
    };

    /// <inheritdoc/>
    protected override int? Answer(int address) => address switch { 5000 => SmartGridState, 5001 => controller, _ => null };

    /// <inheritdoc/>
    protected override bool IsRefused(bool isInput, int address) => isInput ? address is >= 5219 and <= 5230 : address is >= 4249 and <= 4277;

    /// <inheritdoc/>
    protected override short? Admitted(int address, short value) => address is >= 4000 and <= 4002 && value is not (0 or 1) ? null : value;

    /// <inheritdoc/>
    protected override void Written(SimulatedPlant plant)
    {
        var state = SmartGridState;
        plant.Outside = new OutsideControl
        {
            LocksHeating = state == 1,
            LocksHotWater = state == 1,
            HotWaterOffset = state switch { 3 => 4, 4 => 8, _ => 0 },
            FlowOffset = state switch { 3 => 2, 4 => 4, _ => 0 },
        };
    }

    /// <summary>Today's whole kWh at an address, the total's kWh and MWh behind it.</summary>
    protected static void AddDayAndTotal(Dictionary<int, Func<PlantState, double?>> input, int address, Func<PlantState, double> energy)
    {
        var book = new DayBook();
        input[address] = state => book.Today(state.At, energy(state));
        input[address + 1] = state => book.Total(state.At, energy(state)) % KilowattHoursPerMegawattHour;
        input[address + 2] = state => Math.Floor(book.Total(state.At, energy(state)) / KilowattHoursPerMegawattHour);
    }

    /// <summary>A total's whole kWh at an address and MWh behind it.</summary>
    protected static void AddTotal(Dictionary<int, Func<PlantState, double?>> input, int address, Func<PlantState, double> energy)
    {
        input[address] = state => Math.Floor(energy(state)) % KilowattHoursPerMegawattHour;
        input[address + 1] = state => Math.Floor(energy(state) / KilowattHoursPerMegawattHour);
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
