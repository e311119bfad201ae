using HPManager.Core.Manufacturers;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Powervault.Tables;
using HPManager.Drivers.Tables;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>The Powervault models, from the files that come with the program.</summary>
/// <param name="driver">The driver that all models share.</param>
public sealed class PowervaultManufacturerSource(PowervaultDriver driver) : IManufacturerSource
{
    private IReadOnlyList<Manufacturer>? _loaded;

    /// <inheritdoc/>
    public IEnumerable<Manufacturer> Load() => _loaded ??= Read();

    private IReadOnlyList<Manufacturer> Read()
    {
        var file = YamlFields.Parse(
            PowervaultTable.ReadFile("battery.yaml"), "the description", "manufacturer", "models", "default_interval_s", "setup_guide", "dashboard");
        var manufacturer = file.Fields("manufacturer", "key", "name", "brands");
        var table = PowervaultTable.Load();
        var models = file.FieldsList("models", "key", "name", "description", "firmware").Select(entry => ReadModel(file, entry, manufacturer.Key("key"), table));
        return [new Manufacturer(manufacturer.Key("key"), manufacturer.Text("name"), [.. models]) { Brands = manufacturer.OptionalText("brands") ?? "" }];
    }

    private PowervaultModel ReadModel(YamlFields file, YamlFields entry, string manufacturer, PowervaultTable table)
    {
        return new PowervaultModel
        {
            Manufacturer = manufacturer,
            Key = entry.Key("key"),
            Name = entry.Text("name"),
            Kind = DeviceKind.Battery,
            Description = entry.Text("description"),
            Firmware = entry.Text("firmware"),
            Driver = driver,
            Connections = [PowervaultConnections.Description],
            Options = PowervaultConnections.Options,
            DefaultInterval = TimeSpan.FromSeconds(file.Integer("default_interval_s", 1, 3600)),
            WriteRules = new WriteRules(TimeSpan.Zero, TimeSpan.Zero),
            Guide = file.Guide(),
            Dashboard = file.Dashboard(),
            Table = table,
        };
    }
}
