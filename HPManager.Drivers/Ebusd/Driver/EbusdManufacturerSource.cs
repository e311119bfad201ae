using HPManager.Core.Manufacturers;
using HPManager.Drivers.Ebusd.Tables;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Ebusd.Driver;

/// <summary>Vaillant and its sister brands through ebusd, from the files that come with the program.</summary>
/// <param name="driver">The driver.</param>
public sealed class EbusdManufacturerSource(IHeatPumpDriver driver) : IManufacturerSource
{
    private IReadOnlyList<Manufacturer>? _loaded;

    /// <inheritdoc/>
    public IEnumerable<Manufacturer> Load() => _loaded ??= Read();

    private IReadOnlyList<Manufacturer> Read()
    {
        var tables = EbusdTables.Load();
        var catalogue = new SensorCatalogue(tables);
        var file = YamlFields.Parse(
            EbusdTables.ReadFile("vaillant.yaml"), "the description", "manufacturer", "models", "default_interval_s", "write_rules", "setup_guide", "dashboard");
        var manufacturer = file.Fields("manufacturer", "key", "name", "brands");
        var models = file.FieldsList("models", "key", "name", "description", "firmware")
            .Select(entry => ReadModel(file, entry, manufacturer.Key("key"), tables, catalogue));
        return [new Manufacturer(manufacturer.Key("key"), manufacturer.Text("name"), [.. models]) { Brands = manufacturer.OptionalText("brands") ?? "" }];
    }

    private EbusdModel ReadModel(YamlFields file, YamlFields entry, string manufacturer, EbusdTables tables, SensorCatalogue catalogue)
    {
        var rules = file.Fields("write_rules", "read_back_within_ms", "min_eeprom_interval_s");
        return new EbusdModel
        {
            Manufacturer = manufacturer,
            Key = entry.Key("key"),
            Name = entry.Text("name"),
            Description = entry.Text("description"),
            Firmware = entry.Text("firmware"),
            Driver = driver,
            Connections = [EbusdConnections.Description],
            DefaultInterval = TimeSpan.FromSeconds(file.Integer("default_interval_s", 1, 3600)),
            WriteRules = new WriteRules(
                TimeSpan.FromMilliseconds(rules.Integer("read_back_within_ms", 0, 600_000)),
                TimeSpan.FromSeconds(rules.Integer("min_eeprom_interval_s", 0, 86_400))),
            Guide = file.Guide(),
            Dashboard = file.Dashboard(),
            Tables = tables,
            Catalogue = catalogue,
        };
    }
}
