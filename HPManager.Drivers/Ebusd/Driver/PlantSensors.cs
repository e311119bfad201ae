using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Inventory;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>
/// Which sensors one plant is shown to have: what its ebusd offers, less the circuits and zones that nobody uses. It begins with what was known before a
/// restart and only grows. Used by one session.
/// </summary>
internal sealed class PlantSensors
{
    private readonly SensorCatalogue _catalogue;
    private readonly List<SensorKey> _shown = [];
    private readonly HashSet<SensorKey> _isShown = [];
    private readonly HashSet<SensorKey> _absent;
    private HashSet<SensorKey> _writable;
    private Dictionary<SensorKey, Capability> _offered = [];

    public PlantSensors(SensorCatalogue catalogue, EbusdFindings known)
    {
        _catalogue = catalogue;
        foreach (var key in known.Sensors.Select(ParseKnown).OfType<SensorKey>()) Show(key);
        _writable = [.. known.Writable.Select(ParseKnown).OfType<SensorKey>()];
        _absent = [.. known.Absent.Select(ParseKnown).OfType<SensorKey>()];
        if (_shown.Count == 0)
        {
            foreach (var derived in DerivedSensors.All.Where(derived => derived.Needs.Count == 0)) Show(derived.Definition.Key);
        }

        Set = catalogue.Make(_shown, _writable.Contains, _absent.Contains);
    }

    /// <summary>The sensors.</summary>
    public SensorSet Set { get; private set; }

    /// <summary>What is offered now, in the table's order.</summary>
    public IReadOnlyCollection<Capability> Offered => _offered.Values;

    /// <summary>What is offered now and shown.</summary>
    public IEnumerable<Capability> Wanted => _offered.Values.Where(capability => _isShown.Contains(capability.Row.Sensor.Key));

    /// <summary>What to keep over a restart.</summary>
    public EbusdFindings Findings => new() { Sensors = [.. _shown.Select(key => key.Value)], Writable = Sorted(_writable), Absent = Sorted(_absent) };

    /// <summary>How a sensor is read now; null when it is not offered now, or is no message.</summary>
    public Capability? Find(SensorKey key) => _offered.GetValueOrDefault(key);

    /// <summary>Takes in a new inventory.</summary>
    public void Offer(IReadOnlyList<Capability> capabilities)
    {
        _offered = capabilities.ToDictionary(capability => capability.Row.Sensor.Key);
        _writable = [.. capabilities.Where(capability => capability.CanWrite).Select(capability => capability.Row.Sensor.Key)];
    }

    /// <summary>Shows what has turned out to be in use.</summary>
    /// <param name="valueOf">The present value of a sensor; null while it is not known.</param>
    /// <param name="isAbsent">Whether the heat pump turned out not to have it; null while that is not known.</param>
    /// <returns>Whether there is more than before, or something can be written that could not, or carries another signal, or the other way round.</returns>
    public bool Grow(Func<Capability, double?> valueOf, Func<Capability, bool?> isAbsent)
    {
        var isOther = false;
        foreach (var capability in _offered.Values)
        {
            if (capability.Row.Needs is { } needs && _offered.TryGetValue(needs, out var needed) && valueOf(needed) is null or 0) continue;
            Show(capability.Row.Sensor.Key);
            if (isAbsent(capability) is { } absent) isOther |= absent ? _absent.Add(capability.Row.Sensor.Key) : _absent.Remove(capability.Row.Sensor.Key);
        }

        foreach (var derived in DerivedSensors.All.Where(derived => derived.Needs.All(key => _isShown.Contains(SensorKey.Parse(key))))) Show(derived.Definition.Key);
        if (!isOther && Set.Count == _shown.Count && Set.All.All(sensor => sensor.IsWritable == _writable.Contains(sensor.Key))) return false;
        Set = _catalogue.Make(_shown, _writable.Contains, _absent.Contains);
        return true;
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<SensorKey> keys) => [.. keys.Select(key => key.Value).Order(StringComparer.Ordinal)];

    private void Show(SensorKey key)
    {
        if (_isShown.Add(key)) _shown.Add(key);
    }

    private SensorKey? ParseKnown(string text) => SensorKey.TryParse(text, out var key) && _catalogue.Has(key) ? key : null;
}
