using HPManager.Drivers.Simulation.Physics;

namespace HPManager.Drivers.Simulation;

/// <summary>A plant that lives along a clock, faster than it if wanted. Thread-safe.</summary>
public sealed class SimulatedHeatPump
{
    private readonly SimulatedPlant _plant;
    private readonly TimeProvider _time;
    private readonly double _speed;
    private readonly DateTimeOffset _began;
    private readonly DateTimeOffset _born;
    private readonly int _seed;
    private readonly Lock _gate = new();

    /// <summary>Creates a plant that has already lived for a while, so that it is found in the middle of something.</summary>
    /// <param name="parameters">House and heat pump.</param>
    /// <param name="seed">Weather and habits.</param>
    /// <param name="time">Clock.</param>
    /// <param name="speed">Simulated seconds per second, more than 0.</param>
    /// <param name="past">How long it has lived.</param>
    public SimulatedHeatPump(PlantParameters parameters, int seed, TimeProvider time, double speed = 1, TimeSpan past = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        _time = time;
        _speed = speed;
        _began = time.GetUtcNow();
        _born = _began - past;
        _seed = seed;
        Parameters = parameters;
        _plant = Reborn();
    }

    /// <summary>House and heat pump.</summary>
    public PlantParameters Parameters { get; }

    /// <summary>How long it had lived when it was found.</summary>
    internal TimeSpan Age => _began - _born;

    /// <summary>The state now.</summary>
    public PlantState State => With(plant => plant.State);

    /// <summary>The same plant at its birth, to be lived through again by whoever has to know its past; what was changed on this one is not in it.</summary>
    internal SimulatedPlant Reborn() => new(Parameters, _seed, _born);

    /// <summary>Reads or changes the plant as it is now.</summary>
    public T With<T>(Func<SimulatedPlant, T> action)
    {
        lock (_gate)
        {
            _plant.AdvanceTo(_began + ((_time.GetUtcNow() - _began) * _speed));
            return action(_plant);
        }
    }

    /// <summary>Changes the plant as it is now.</summary>
    public void Change(Action<SimulatedPlant> action) => With(plant =>
    {
        action(plant);
        return true;
    });
}
