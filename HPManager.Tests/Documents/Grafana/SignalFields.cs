using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Documents.Grafana;

/// <summary>Sensors of one meaning and unit: their keys, and of which models alone when other models use the keys for something else.</summary>
internal sealed record SensorGroup(Unit Unit, IReadOnlyList<string> Keys, IReadOnlyList<string> Models);

/// <summary>
/// Which sensors carry a signal, over every model. Makes name them differently, and now and then two use one name with different units: those
/// are told apart by the model.
/// </summary>
internal sealed class SignalFields
{
    private readonly ILookup<(Signal Signal, Unit Unit), (string Key, string Model)> _bySignal;
    private readonly HashSet<string> _ambiguous;

    public SignalFields(IReadOnlyList<Manufacturer> manufacturers)
    {
        var sensors = manufacturers.SelectMany(make => make.Models)
            .SelectMany(model => model.Sensors(HeatPumpsDocument.Everything(model)).All.Select(sensor => (Model: model.Key, Sensor: sensor)))
            .ToList();
        _ambiguous = [.. sensors.GroupBy(item => item.Sensor.Key).Where(group => group.Select(item => (item.Sensor.Signal, item.Sensor.Unit)).Distinct().Count() > 1).Select(group => group.Key.Value)];
        _bySignal = sensors.Where(item => item.Sensor.Signal is not null).ToLookup(item => (item.Sensor.Signal!.Value, item.Sensor.Unit), item => (item.Sensor.Key.Value, item.Model));
    }

    /// <summary>The sensors of some signals, by unit; those that need no look at the model come first.</summary>
    public IReadOnlyList<SensorGroup> Of(IReadOnlyCollection<Signal> signals)
    {
        var groups = new List<SensorGroup>();
        foreach (var unit in _bySignal.Where(entry => signals.Contains(entry.Key.Signal)).GroupBy(entry => entry.Key.Unit, entry => entry).OrderBy(group => group.Key.Symbol, StringComparer.Ordinal))
        {
            var sensors = unit.SelectMany(entry => entry).ToLookup(item => item.Key, item => item.Model);
            var plain = sensors.Where(sensor => !_ambiguous.Contains(sensor.Key)).Select(sensor => sensor.Key).Order(StringComparer.Ordinal).ToList();
            if (plain.Count > 0) groups.Add(new SensorGroup(unit.Key, plain, []));
            groups.AddRange(sensors.Where(sensor => _ambiguous.Contains(sensor.Key))
                .GroupBy(sensor => string.Join('|', sensor.Distinct().Order(StringComparer.Ordinal)), sensor => sensor.Key)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new SensorGroup(unit.Key, [.. group.Order(StringComparer.Ordinal)], group.Key.Split('|'))));
        }

        return groups;
    }
}
