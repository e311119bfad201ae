using HPManager.Core.Manufacturers;
using HPManager.Drivers.Husdata.Tables;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Husdata.Driver;

/// <summary>The makes and models that are read through a Husdata gateway, from the files that come with the program.</summary>
/// <param name="driver">The driver that all models share.</param>
public sealed class HusdataManufacturerSource(IHeatPumpDriver driver) : IManufacturerSource
{
    private IReadOnlyList<Manufacturer>? _loaded;

    /// <inheritdoc/>
    public IEnumerable<Manufacturer> Load() => _loaded ??= Read();

    private IReadOnlyList<Manufacturer> Read()
    {
        var file = YamlFields.Parse(
            HusdataTable.ReadFile("gateway.yaml"), "the description",
            "manufacturers", "models", "other_controllers", "default_interval_s", "write_rules", "setup_guide", "dashboard");
        var models = file.FieldsList("models", "manufacturer", "key", "name", "description", "firmware", "table", "interface_type", "missing");
        var controllers = models
            .Select(model => KeyValuePair.Create(model.Text("interface_type"), model.Text("name")))
            .Concat(file.FieldsList("other_controllers", "interface_type", "name").Select(other => KeyValuePair.Create(other.Text("interface_type"), other.Text("name"))))
            .ToDictionary();
        var read = models.Select(model => ReadModel(file, model, controllers)).ToList();
        return
        [
            .. file.FieldsList("manufacturers", "key", "name", "brands").Select(make => new Manufacturer(
                make.Key("key"), make.Text("name"), [.. read.Where(model => model.Manufacturer == make.Key("key"))])
            {
                Brands = make.OptionalText("brands") ?? "",
            }),
        ];
    }

    private HusdataModel ReadModel(YamlFields file, YamlFields entry, IReadOnlyDictionary<string, string> controllers)
    {
        var rules = file.Fields("write_rules", "read_back_within_ms", "min_eeprom_interval_s");
        var missing = entry.FieldsList("missing", "from", "to", "meaning")
            .Select(numbers => new MissingNumbers(numbers.Integer("from", short.MinValue, ushort.MaxValue), numbers.Integer("to", short.MinValue, ushort.MaxValue), numbers.Text("meaning")));
        return new HusdataModel
        {
            Manufacturer = entry.Key("manufacturer"),
            Key = entry.Key("key"),
            Name = entry.Text("name"),
            Description = entry.Text("description"),
            Firmware = entry.Text("firmware"),
            InterfaceType = entry.Text("interface_type"),
            Controllers = controllers,
            Driver = driver,
            Connections = HusdataConnections.Kinds,
            Options = HusdataConnections.Options,
            DefaultInterval = TimeSpan.FromSeconds(file.Integer("default_interval_s", 1, 3600)),
            WriteRules = new WriteRules(
                TimeSpan.FromMilliseconds(rules.Integer("read_back_within_ms", 0, 600_000)),
                TimeSpan.FromSeconds(rules.Integer("min_eeprom_interval_s", 0, 86_400))),
            Guide = file.Guide(),
            Dashboard = file.Dashboard(),
            Table = HusdataTable.Load(entry.Text("table"), [.. missing]),
        };
    }
}
