using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation.Makes;

/// <summary>
/// The three blocks of a Luxtronik controller, fed by a simulated heat pump with one heating circuit, a hot water tank, a heat meter and a room unit.
/// What is written is kept as it came, sensible or not; some of it acts on the plant. Thread-safe.
/// </summary>
public sealed class LuxtronikBlocks
{
    private readonly SimulatedHeatPump _pump;
    private readonly LuxtronikFirmware _firmware;
    private readonly int[] _kept;
    private readonly byte[] _flags;
    private readonly DateTimeOffset _installed;
    private readonly Lock _gate = new();

    /// <summary>A controller as it left the factory, wired to a heat pump.</summary>
    /// <param name="pump">What lives behind it.</param>
    /// <param name="firmware">Its firmware; the newest when null.</param>
    public LuxtronikBlocks(SimulatedHeatPump pump, LuxtronikFirmware? firmware = null)
    {
        _pump = pump;
        _firmware = firmware ?? LuxtronikFirmware.Newest;
        _installed = pump.State.At - TimeSpan.FromDays(400);
        _kept = LuxtronikSettings.AtFirst(_firmware);
        _flags = LuxtronikVisibilities.Of(pump.Parameters.Source, _firmware);
    }

    /// <summary>What it measures and counts now.</summary>
    public int[] Calculations()
    {
        lock (_gate)
        {
            return _pump.With(plant =>
            {
                var entries = new int[_firmware.Calculations];
                LuxtronikCalculations.Fill(entries, new LuxtronikMoment(plant, plant.State, _pump.Parameters, _kept, _firmware, _installed));
                return entries;
            });
        }
    }

    /// <summary>Its settings, and the counters that lie among them.</summary>
    public int[] Parameters()
    {
        lock (_gate)
        {
            return _pump.With(plant =>
            {
                var entries = (int[])_kept.Clone();
                LuxtronikSettings.Fill(entries, new LuxtronikMoment(plant, plant.State, _pump.Parameters, _kept, _firmware, _installed));
                return entries;
            });
        }
    }

    /// <summary>What its display shows, a byte of 0 or 1 each.</summary>
    public byte[] Visibilities() => (byte[])_flags.Clone();

    /// <summary>Keeps a value; an index that does not exist changes nothing, and no value is refused.</summary>
    public void Write(int index, int raw)
    {
        lock (_gate)
        {
            if (index < 0 || index >= _kept.Length) return;
            _kept[index] = raw;
            _pump.Change(plant => LuxtronikSettings.Apply(plant, _kept, index));
        }
    }
}

/// <summary>What entries are made of.</summary>
/// <param name="Plant">Settings of the plant.</param>
/// <param name="State">Its state.</param>
/// <param name="House">Its parameters.</param>
/// <param name="Kept">The parameters as they were written.</param>
/// <param name="Firmware">The controller's firmware.</param>
/// <param name="Installed">When the controller was put into service.</param>
internal sealed record LuxtronikMoment(
    SimulatedPlant Plant, PlantState State, PlantParameters House, IReadOnlyList<int> Kept, LuxtronikFirmware Firmware, DateTimeOffset Installed)
{
    /// <summary>Whether air is its source.</summary>
    public bool IsAir => House.Source == HeatSource.Air;

    /// <summary>Stops and their times as the controller keeps them: a ring, and the place that is overwritten next.</summary>
    public (int[] Reasons, int[] Times, int Next) StopRing()
    {
        const int HeatPumpFault = 0;
        const int NoRequest = 9;
        var stops = State.History.Stops;
        var reasons = new int[PlantHistory.Length];
        var times = new int[PlantHistory.Length];
        for (var back = 0; back < stops.Count; back++)
        {
            var place = (int)((State.History.StopCount - 1 - back) % PlantHistory.Length);
            reasons[place] = stops[back].FaultCode == 0 ? NoRequest : HeatPumpFault;
            times[place] = Seconds(stops[back].At);
        }

        return (reasons, times, (int)(State.History.StopCount % PlantHistory.Length));
    }

    /// <summary>A moment as the controller writes it down.</summary>
    public static int Seconds(DateTimeOffset moment) => (int)moment.ToUnixTimeSeconds();
}
