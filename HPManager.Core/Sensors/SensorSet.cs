using System.Diagnostics.CodeAnalysis;

namespace HPManager.Core.Sensors;

/// <summary>
/// The sensors of one heat pump in the profile's order, found by key, by signal, or by position. Immutable and thread-safe.
/// A snapshot's readings have the same positions.
/// </summary>
public sealed class SensorSet
{
    private readonly Dictionary<SensorKey, int> _byKey;
    private readonly Dictionary<Signal, int> _bySignal = [];

    /// <summary>Creates a set.</summary>
    /// <exception cref="ArgumentException">Two sensors share a key.</exception>
    public SensorSet(IReadOnlyList<SensorDefinition> sensors)
    {
        All = sensors;
        _byKey = new Dictionary<SensorKey, int>(sensors.Count);
        for (var position = 0; position < sensors.Count; position++)
        {
            _byKey.Add(sensors[position].Key, position);
            if (sensors[position].Signal is { } signal) _bySignal.TryAdd(signal, position);
        }
    }

    /// <summary>A set without sensors.</summary>
    public static SensorSet Empty { get; } = new([]);

    /// <summary>All sensors, also those that are only written.</summary>
    public IReadOnlyList<SensorDefinition> All { get; }

    /// <summary>Number of sensors.</summary>
    public int Count => All.Count;

    /// <summary>The sensor at a position.</summary>
    public SensorDefinition this[int position] => All[position];

    /// <summary>Position of a sensor, or -1.</summary>
    public int PositionOf(SensorKey key) => _byKey.GetValueOrDefault(key, -1);

    /// <summary>Position of the first sensor with the signal, or -1.</summary>
    public int PositionOf(Signal signal) => _bySignal.GetValueOrDefault(signal, -1);

    /// <summary>Finds a sensor by its key.</summary>
    public bool TryGet(SensorKey key, [NotNullWhen(true)] out SensorDefinition? sensor)
    {
        var position = PositionOf(key);
        sensor = position < 0 ? null : All[position];
        return position >= 0;
    }
}
