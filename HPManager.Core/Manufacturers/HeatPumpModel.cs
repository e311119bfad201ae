using System.Text.Json.Serialization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.Manufacturers;

/// <summary>A way to connect that a model offers.</summary>
/// <param name="Kind">Key: <c>modbus_tcp</c>.</param>
/// <param name="Label">What a person reads: <c>Modbus TCP</c>.</param>
/// <param name="Parameters">What has to be known for it.</param>
public sealed record ConnectionKind(string Kind, string Label, IReadOnlyList<ParameterDefinition> Parameters);

/// <summary>How to enable access on the controller, step by step.</summary>
/// <param name="Steps">Steps in order, one sentence or two each.</param>
/// <param name="Notes">What else to know: limits, what must not be done.</param>
/// <param name="Unverified">What is not proven on hardware; said to the owner.</param>
public sealed record SetupGuide(IReadOnlyList<string> Steps, IReadOnlyList<string> Notes, IReadOnlyList<string> Unverified)
{
    /// <summary>
    /// Where on the device access is switched on and what that takes, in a sentence or two, for whoever meets a closed port; null when nobody said.
    /// </summary>
    public string? SwitchOn { get; init; }
}

/// <summary>A tile of a model's default dashboard.</summary>
/// <param name="Title">What a person reads.</param>
/// <param name="Sensors">Keys of the sensors it shows, in order; those a heat pump does not have are left out.</param>
/// <param name="IsChart">Whether they are drawn over time instead of as numbers.</param>
public sealed record DashboardTile(string Title, IReadOnlyList<SensorKey> Sensors, bool IsChart);

/// <summary>Care to take with writes to a model.</summary>
/// <param name="ReadBackWithin">How long the device may take until a written value reads back; judged only after this.</param>
/// <param name="MinEepromInterval">Shortest time between two writes to one <see cref="WriteClass.Eeprom"/> sensor.</param>
public sealed record WriteRules(TimeSpan ReadBackWithin, TimeSpan MinEepromInterval)
{
    /// <summary>How long after a write it is first read back; each further time takes twice as long.</summary>
    public TimeSpan FirstReadBack { get; init; } = TimeSpan.FromMilliseconds(300);
}

/// <summary>What kind of device a model is, which decides what an owner is shown first.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>A heat pump.</summary>
    HeatPump,

    /// <summary>A home battery.</summary>
    Battery,
}

/// <summary>A model that can be configured. Immutable. Drivers derive from it to carry what they know about the model.</summary>
public record HeatPumpModel
{
    /// <summary>Key of the manufacturer.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>Key within the manufacturer, lower snake case: <c>navigator_2_0</c>.</summary>
    public required string Key { get; init; }

    /// <summary>What a person reads: <c>Navigator 2.0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of device it is.</summary>
    public DeviceKind Kind { get; init; }

    /// <summary>One sentence: which heat pumps have it.</summary>
    public string Description { get; init; } = "";

    /// <summary>Firmware that the facts are known to hold for, in words; empty when nothing is known.</summary>
    public string Firmware { get; init; } = "";

    /// <summary>The driver that speaks to it.</summary>
    public required IHeatPumpDriver Driver { get; init; }

    /// <summary>Ways to connect, the usual one first; at least one.</summary>
    public required IReadOnlyList<ConnectionKind> Connections { get; init; }

    /// <summary>Device options: circuits, zones, …</summary>
    public IReadOnlyList<ParameterDefinition> Options { get; init; } = [];

    /// <summary>Suggested time between polls.</summary>
    public TimeSpan DefaultInterval { get; init; } = HeatPump.DefaultInterval;

    /// <summary>Care with writes.</summary>
    public required WriteRules WriteRules { get; init; }

    /// <summary>How to enable access.</summary>
    public required SetupGuide Guide { get; init; }

    /// <summary>What an owner sees first.</summary>
    public IReadOnlyList<DashboardTile> Dashboard { get; init; } = [];

    /// <summary>The sensors a heat pump with these options has. Cheap enough to call for a page; the driver may cache.</summary>
    public SensorSet Sensors(Settings options) => Driver.DescribeSensors(this, Options.WithDefaults(options));

    /// <summary>The heat pump with trimmed texts, every default of connection and options filled in, and an interval that the other side bears.</summary>
    public HeatPump Complete(HeatPump heatPump)
    {
        var kind = Connections.FirstOrDefault(offered => offered.Kind == heatPump.Connection.Kind);
        var connection = kind is null
            ? heatPump.Connection
            : heatPump.Connection with { Settings = kind.Parameters.WithDefaults(heatPump.Connection.Settings) };
        var shortest = kind is null ? TimeSpan.Zero : Driver.ShortestInterval(connection);
        return heatPump with
        {
            Name = heatPump.Name.Trim(),
            Location = string.IsNullOrWhiteSpace(heatPump.Location) ? null : heatPump.Location.Trim(),
            Connection = connection,
            Interval = heatPump.Interval < shortest ? shortest : heatPump.Interval,
            Options = Options.WithDefaults(heatPump.Options),
        };
    }
}

/// <summary>A manufacturer and its models.</summary>
/// <param name="Key">Lower snake case: <c>idm</c>.</param>
/// <param name="Name">What a person reads: <c>iDM</c>.</param>
/// <param name="Models">At least one.</param>
public sealed record Manufacturer(string Key, string Name, IReadOnlyList<HeatPumpModel> Models)
{
    /// <summary>Brands under which its heat pumps are sold, for those who look for them; empty for none but its own.</summary>
    public string Brands { get; init; } = "";
}
