using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// Air-to-air units behind a HomeHub, of which it tells nothing: two holding registers, the smart grid request and the power limit. Forced off rests,
/// the other requests shift the target by 1 and 2 K.
/// </summary>
internal sealed class DaikinAirToAirBank(SimulatedHeatPump pump) : DaikinBank(pump, Input, Settings, KeptAtFirst, smartGrid: 1000, powerLimit: 1001)
{
    private static readonly Dictionary<int, Func<PlantState, double?>> Input = [];

    private static readonly Dictionary<int, WordSetting> Settings = [];

    private static readonly Dictionary<int, short> KeptAtFirst = new() { [1000] = 0, [1001] = NoLimit };

    protected override short? Admitted(int address, short value) => address switch
    {
        1000 => value is >= 0 and <= 3 ? value : null,
        _ => value is >= 0 and <= NoLimit ? value : null,
    };

    protected override double Shift(int request) => request switch { 2 => 1, 3 => 2, _ => 0 };
}
