using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Tables;
using HPManager.Drivers.Viessmann.Tables;

namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>The models in Viessmann's cloud, from the files that come with the program.</summary>
/// <param name="driver">The driver that all models share.</param>
public sealed class ViessmannManufacturerSource(IHeatPumpDriver driver) : IManufacturerSource
{
    private IReadOnlyList<Manufacturer>? _loaded;

    /// <inheritdoc/>
    public IEnumerable<Manufacturer> Load() => _loaded ??= Read();

    private IReadOnlyList<Manufacturer> Read()
    {
        var table = FeatureTable.Load();
        var file = YamlFields.Parse(
            FeatureTable.ReadFile("cloud.yaml"), "the description", "manufacturer", "models", "default_interval_s", "write_rules", "setup_guide", "dashboard");
        var manufacturer = file.Fields("manufacturer", "key", "name");
        var rules = file.Fields("write_rules", "first_read_back_ms", "read_back_within_ms", "min_eeprom_interval_s");
        var models = file.FieldsList("models", "key", "name", "description", "firmware").Select(entry => new ViessmannModel
        {
            Manufacturer = manufacturer.Key("key"),
            Key = entry.Key("key"),
            Name = entry.Text("name"),
            Description = entry.Text("description"),
            Firmware = entry.Text("firmware"),
            Driver = driver,
            Connections = [ViessmannConnections.Description],
            DefaultInterval = TimeSpan.FromSeconds(file.Integer("default_interval_s", 1, 3600)),
            WriteRules = new WriteRules(
                TimeSpan.FromMilliseconds(rules.Integer("read_back_within_ms", 0, 600_000)),
                TimeSpan.FromSeconds(rules.Integer("min_eeprom_interval_s", 0, 86_400)))
            {
                FirstReadBack = TimeSpan.FromMilliseconds(rules.Integer("first_read_back_ms", 100, 600_000)),
            },
            Guide = file.Guide(),
            Dashboard = file.Dashboard(),
            Table = table,
        });
        return [new Manufacturer(manufacturer.Key("key"), manufacturer.Text("name"), [.. models])];
    }
}
