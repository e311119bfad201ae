using System.Collections.Frozen;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Client;

namespace HPManager.Drivers.Modbus.Profiles;

/// <summary>
/// The data that describes the models of one family: their registers and how these may be read and written. Made by
/// the profile reader, which has checked it. Immutable and thread-safe.
/// </summary>
public sealed class ModbusProfile
{
    // Wizards and tests ask for many combinations of options, a running installation for a few.
    private const int MaxCached = 64;

    private readonly ProfileHeader _header;
    private readonly IReadOnlyList<RegisterRow> _rows;
    private readonly FrozenDictionary<string, ProfileModel> _models;
    private readonly Dictionary<(string Model, Settings Options), Expanded> _cache = [];
    private readonly Lock _cacheGate = new();

    internal ModbusProfile(string name, ProfileHeader header, IReadOnlyList<RegisterRow> rows)
    {
        Name = name;
        _header = header;
        _rows = rows;
        _models = header.Models.ToFrozenDictionary(model => model.Key);
    }

    /// <summary>Where it comes from, as <c>make/family</c>.</summary>
    public string Name { get; }

    /// <summary>Key of the manufacturer.</summary>
    public string Manufacturer => _header.Manufacturer;

    /// <summary>Name of the manufacturer, for people.</summary>
    public string ManufacturerName => _header.ManufacturerName;

    /// <summary>Keys of the models it describes.</summary>
    public IEnumerable<string> ModelKeys => _header.Models.Select(model => model.Key);

    /// <summary>TCP port that these controllers listen on.</summary>
    public int DefaultPort => _header.Connection.Port;

    /// <summary>Unit id that these controllers answer to, 0 to 255.</summary>
    public int DefaultUnitId => _header.Connection.UnitId;

    /// <summary>Usual longest wait for a connection.</summary>
    public TimeSpan DefaultConnectTimeout => _header.Connection.ConnectTimeout;

    /// <summary>Usual longest wait for an answer.</summary>
    public TimeSpan DefaultRequestTimeout => _header.Connection.RequestTimeout;

    /// <summary>Whether the connection is closed after every poll and write, for devices that bear it only while it is used.</summary>
    public bool ReleasesBetweenPolls => _header.Connection.ReleasesBetweenPolls;

    /// <summary>Whether the device bears one client at a time, over all of its protocols.</summary>
    public bool IsOneClientPerHost => _header.Connection.IsOneClientPerHost;

    /// <summary>
    /// The points of a heat pump with these options; missing options count as their defaults. The same list every time while it is cached.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The profile does not have the model.</exception>
    public IReadOnlyList<ModbusPoint> Points(string modelKey, Settings options) => Expand(modelKey, options).Points;

    /// <summary>
    /// The sensors of <see cref="Points"/>, at the same positions, and behind them those of <see cref="Calculated"/>. The same set every time while it
    /// is cached.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The profile does not have the model.</exception>
    public SensorSet Sensors(string modelKey, Settings options) => Expand(modelKey, options).Sensors;

    /// <summary>The sensors that are calculated from others, in the order in which they follow the points.</summary>
    /// <exception cref="KeyNotFoundException">The profile does not have the model.</exception>
    public IReadOnlyList<ICalculatedSensor> Calculated(string modelKey, Settings options) => Expand(modelKey, options).Calculated;

    /// <summary>
    /// The points of which one must answer, or the device is no such model; empty when any device will do. They are read whatever circuits or zones
    /// were chosen.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The profile does not have the model.</exception>
    public IReadOnlyList<ModbusPoint> Proof(string modelKey, Settings options)
    {
        if (_header.Proof.Sensors.Count == 0) return [];
        var complete = _header.Options
            .Where(option => option.Kind == ParameterKind.Choices)
            .Aggregate(options, (all, option) => all.With(option.Key, string.Join(',', option.Choices.Select(choice => choice.Key))));
        var sensors = Sensors(modelKey, complete);
        var points = Points(modelKey, complete);
        return [.. _header.Proof.Sensors.Select(key => sensors.PositionOf(key)).Where(position => position >= 0).Select(position => points[position])];
    }

    /// <summary>Whether single registers are written with function 6, because the devices are not known to take 16.</summary>
    public bool WritesSingly => _header.WritesSingly;

    /// <summary>The point that says which model a device is; null when none does. It is there whatever the options are.</summary>
    /// <exception cref="KeyNotFoundException">The profile does not have the model.</exception>
    public ModbusPoint? IdentityPoint(string modelKey, Settings options)
    {
        if (_header.Identity is not { } identity) return null;
        var position = Sensors(modelKey, options).PositionOf(identity.Sensor);
        return position < 0 ? null : Points(modelKey, options)[position];
    }

    /// <summary>What a device is that reads this code at <see cref="IdentityPoint"/>: keys of models of this profile, or names of other devices; empty when nobody knows.</summary>
    public IReadOnlyList<string> IdentifiedBy(int code) =>
        [.. _header.Identity?.Codes.Where(entry => entry.Key == code).Select(entry => entry.Value) ?? []];

    /// <summary>What a person calls a model of this profile; the text itself when it is none.</summary>
    public string NameOf(string modelKey) => _models.TryGetValue(modelKey, out var model) ? model.Name : modelKey;

    /// <summary>How the points of a table may be joined into requests.</summary>
    /// <exception cref="KeyNotFoundException">No point of the profile is in that table.</exception>
    public BlockRules Blocks(ModbusTable table) => _header.Blocks[table];

    /// <summary>The models, read through a driver.</summary>
    public IReadOnlyList<ModbusModel> CreateModels(IHeatPumpDriver driver) => [.. _header.Models.Select(model => CreateModel(model, driver))];

    private ModbusModel CreateModel(ProfileModel model, IHeatPumpDriver driver)
    {
        var all = Sensors(model.Key, PointExpansion.Everything(_header));
        var tiles = _header.Dashboard
            .Select(entry => entry.Tile with { Sensors = [.. entry.Tile.Sensors.Where(key => all.PositionOf(key) >= 0)] })
            .Where(tile => tile.Sensors.Count > 0);
        return new ModbusModel
        {
            Manufacturer = _header.Manufacturer,
            Key = model.Key,
            Name = model.Name,
            Description = model.Description,
            Firmware = model.Firmware,
            Driver = driver,
            Connections = [.. _header.Connection.Kinds.Select(kind => ModbusConnections.Describe(kind, _header.Connection))],
            Options = _header.Options,
            DefaultInterval = _header.DefaultInterval,
            WriteRules = _header.WriteRules,
            Guide = _header.Guide,
            Dashboard = [.. tiles],
            Profile = this,
        };
    }

    private Expanded Expand(string modelKey, Settings options)
    {
        var model = _models[modelKey];
        var key = (modelKey, _header.Options.WithDefaults(options));
        lock (_cacheGate)
        {
            if (_cache.TryGetValue(key, out var known)) return known;
            var points = PointExpansion.Expand(_header, _rows, model, key.Item2).Select(pair => pair.Point).ToArray();
            var measured = new SensorSet(Array.ConvertAll(points, point => point.Sensor));
            var calculated = PointExpansion.Calculated(_header, measured);
            var expanded = new Expanded(
                points, calculated, calculated.Count == 0 ? measured : new SensorSet([.. measured.All, .. calculated.Select(entry => entry.Sensor)]));
            if (_cache.Count >= MaxCached) _cache.Clear();
            _cache.Add(key, expanded);
            return expanded;
        }
    }

    private sealed record Expanded(IReadOnlyList<ModbusPoint> Points, IReadOnlyList<ICalculatedSensor> Calculated, SensorSet Sensors);
}
