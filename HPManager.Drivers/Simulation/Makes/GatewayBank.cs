using HPManager.Drivers.Simulation.Husdata;
using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// A heat pump as a Husdata gateway shows it, on firmware of today: all times ten but switches and watts, and negative numbers as such; or on old firmware,
/// where counts are plain and negative numbers come as unsigned words. Thread-safe.
/// </summary>
internal abstract class GatewayBank : IGatewayBank
{
    private readonly SimulatedHeatPump _heatPump;
    private readonly bool _isOldFirmware;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _settings = [];

    protected GatewayBank(SimulatedHeatPump heatPump, bool isOldFirmware)
    {
        _heatPump = heatPump;
        _isOldFirmware = isOldFirmware;
    }

    /// <inheritdoc/>
    public abstract string InterfaceType { get; }

    /// <summary>What a count is multiplied by.</summary>
    protected int Times => _isOldFirmware ? 1 : 10;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, long>> Read()
    {
        lock (_gate)
        {
            var shown = new List<KeyValuePair<string, long>>();
            _heatPump.Change(plant =>
            {
                var state = plant.State;
                foreach (var (index, number) in Measured(plant, state)) shown.Add(KeyValuePair.Create(index, AsSent(number)));
                foreach (var (index, number) in Settings(plant)) shown.Add(KeyValuePair.Create(index, AsSent(_settings.GetValueOrDefault(index, number))));
            });
            return shown;
        }
    }

    /// <inheritdoc/>
    public void Write(string index, short word)
    {
        var known = index.ToUpperInvariant();
        lock (_gate)
        {
            _heatPump.Change(plant =>
            {
                if (TryTake(plant, known, word)) return;
                if (Settings(plant).Any(setting => string.Equals(setting.Index, known, StringComparison.Ordinal))) _settings[known] = word;
            });
        }
    }

    /// <summary>Tenths, as temperatures and percentages are sent by all firmware.</summary>
    protected static long Tenths(double value) => (long)Math.Round(value * 10);

    protected static long Switch(bool isOn) => isOn ? 1 : 0;

    /// <summary>A number that is whole: plain, or times ten.</summary>
    protected long Count(double value) => (long)Math.Floor(value) * Times;

    /// <summary>A number written as a code, plain or times ten.</summary>
    protected static int Code(int word) => word % 10 == 0 ? word / 10 : word;

    /// <summary>What is only read.</summary>
    protected abstract IEnumerable<(string Index, long Number)> Measured(SimulatedPlant plant, PlantState state);

    /// <summary>What can be set, as it is unless something was written that the plant has no use for.</summary>
    protected abstract IEnumerable<(string Index, long Number)> Settings(SimulatedPlant plant);

    /// <summary>Lets the plant follow a written word; false when it has no use for it.</summary>
    protected abstract bool TryTake(SimulatedPlant plant, string index, short word);

    private long AsSent(long number) => _isOldFirmware && number < 0 ? number + 65536 : number;
}
