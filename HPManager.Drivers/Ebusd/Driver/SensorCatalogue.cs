using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Tables;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>Makes the sensors of a plant out of everything that a plant may have. Immutable and thread-safe.</summary>
internal sealed class SensorCatalogue
{
    private readonly Dictionary<SensorKey, SensorDefinition> _all;
    private readonly IReadOnlyList<SensorKey> _preference;

    public SensorCatalogue(EbusdTables tables)
    {
        IReadOnlyList<SensorDefinition> definitions = [.. tables.Rows.Select(row => row.Sensor), .. DerivedSensors.All.Select(derived => derived.Definition)];
        _all = definitions.ToDictionary(sensor => sensor.Key);
        _preference = [.. definitions.Select(sensor => sensor.Key)];
        Everything = Make(_preference, key => _all[key].IsWritable, static _ => false);
    }

    /// <summary>All sensors that a plant may have.</summary>
    public SensorSet Everything { get; }

    /// <summary>Whether there is such a sensor.</summary>
    public bool Has(SensorKey key) => _all.ContainsKey(key);

    /// <summary>The sensors of a plant, in the order given.</summary>
    /// <param name="keys">Which; each is known.</param>
    /// <param name="isWritable">Whether its ebusd lets it be written.</param>
    /// <param name="isAbsent">Whether the heat pump turned out not to have it: another sensor is the better carrier of the same signal.</param>
    public SensorSet Make(IReadOnlyList<SensorKey> keys, Func<SensorKey, bool> isWritable, Func<SensorKey, bool> isAbsent)
    {
        var there = keys.ToHashSet();
        var signals = new HashSet<(Signal, string?)>();
        var carriers = new HashSet<SensorKey>();
        foreach (var sensor in _preference.Where(there.Contains).OrderBy(isAbsent).Select(key => _all[key]))
        {
            if (sensor.Signal is { } signal && signals.Add((signal, signal.IsPerCircuit() ? sensor.Circuit : null))) carriers.Add(sensor.Key);
        }

        return new SensorSet([.. keys.Select(key => Fit(_all[key], carriers.Contains(key), isWritable(key)))]);
    }

    private static SensorDefinition Fit(SensorDefinition sensor, bool carriesSignal, bool isWritable)
    {
        if (!carriesSignal && sensor.Signal is not null) sensor = sensor with { Signal = null };
        return isWritable || !sensor.IsWritable
            ? sensor
            : sensor with { Access = SensorAccess.Read, WriteClass = WriteClass.None, Notes = Join(sensor.Notes, "this ebusd offers no write of it: it may need an access level, or newer definitions") };
    }

    private static string Join(string? notes, string more) => notes is null ? more : $"{notes}; {more}";
}
