using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// What all Daikin units share: 32766 for what the installation lacks, the four requests of smart grid and a limit of the electric power, which act on
/// the plant.
/// </summary>
/// <param name="pump">What lives behind it.</param>
/// <param name="input">Input registers.</param>
/// <param name="settings">Holding registers that act on the plant.</param>
/// <param name="kept">Holding registers that are merely kept.</param>
/// <param name="smartGrid">Address of the smart grid request.</param>
/// <param name="powerLimit">Address of the power limit, in 0.01 kW.</param>
internal abstract class DaikinBank(
    SimulatedHeatPump pump,
    IReadOnlyDictionary<int, Func<PlantState, double?>> input,
    IReadOnlyDictionary<int, WordSetting> settings,
    IReadOnlyDictionary<int, short> kept,
    int smartGrid,
    int powerLimit) : GappyBank(pump, NotAvailable, input, settings, kept)
{
    /// <summary>The register is not available in the present configuration.</summary>
    protected const ushort NotAvailable = 32766;

    /// <summary>What a kilowatt, a degree or a litre is in the registers of measured values.</summary>
    protected const int Hundredths = 100;

    /// <summary>A power limit of 20 kW and above limits nothing.</summary>
    protected const int NoLimit = 2000;

    private const double BufferedTank = 3;
    private const double HottestTank = 12;

    /// <inheritdoc/>
    protected override void Written(SimulatedPlant plant)
    {
        var request = Kept(smartGrid);
        var limit = Kept(powerLimit);
        plant.Outside = new OutsideControl
        {
            LocksHeating = request == 1,
            LocksHotWater = request == 1,
            HotWaterOffset = request switch { 2 => BufferedTank, 3 => HottestTank, _ => 0 },
            FlowOffset = Shift(request),
            PowerLimit = limit >= NoLimit ? null : limit / (double)Hundredths,
        };
    }

    /// <summary>How far a request moves the target of the rooms, in K.</summary>
    protected virtual double Shift(int request) => 0;
}
