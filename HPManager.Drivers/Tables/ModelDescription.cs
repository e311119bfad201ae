using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Profiles;

namespace HPManager.Drivers.Tables;

/// <summary>The parts that the descriptions of all makes have in common, whatever protocol they are read by.</summary>
internal static class ModelDescription
{
    /// <summary>The set-up guide.</summary>
    public static SetupGuide Guide(this YamlFields file)
    {
        var guide = file.Fields("setup_guide", "switch_on", "steps", "notes", "unverified");
        return new SetupGuide(guide.Texts("steps", 1000), guide.Texts("notes", 1000), guide.Texts("unverified", 1000)) { SwitchOn = guide.Text("switch_on") };
    }

    /// <summary>What an owner sees first.</summary>
    public static IReadOnlyList<DashboardTile> Dashboard(this YamlFields file) =>
    [
        .. file.FieldsList("dashboard", "title", "chart", "sensors").Select(tile => new DashboardTile(
            tile.Text("title"), [.. tile.Texts("sensors").Select(SensorKey.Parse)], tile.Flag("chart"))),
    ];
}
