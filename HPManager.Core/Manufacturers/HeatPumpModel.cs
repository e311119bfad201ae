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

    /// <summary>Keys of the secrets among a connection's settings; empty for a kind that is not offered.</summary>
    /// <param name="kind">Kind of the connection.</param>
    public IEnumerable<string> SecretsOf(string kind) =>
        Connections.FirstOrDefault(offered => offered.Kind == kind)?.Parameters
            .Where(parameter => parameter.Kind == ParameterKind.Secret)
            .Select(parameter => parameter.Key) ?? [];

    /// <summary>The heat pump as it may be shown to a person or a program.</summary>
    public HeatPump WithoutSecrets(HeatPump heatPump)
    {
        var settings = SecretsOf(heatPump.Connection.Kind).Aggregate(heatPump.Connection.Settings, (left, key) => left.With(key, null));
        return heatPump with { Connection = heatPump.Connection with { Settings = settings } };
    }

    /// <summary>
    /// A changed heat pump with the secrets that its change leaves out, as they are known. They go only to where they were given for: a change that leads to
    /// another endpoint has to bring its own. An empty secret is one that is taken away.
    /// </summary>
    /// <param name="changed">As it is wanted; its connection has passed the checks but for missing secrets.</param>
    /// <param name="known">As it is.</param>
    public HeatPump WithSecretsOf(HeatPump changed, HeatPump known)
    {
        var kind = changed.Connection.Kind;
        if (known.Connection.Kind != kind || known.Manufacturer != changed.Manufacturer || known.Model != changed.Model) return changed;
        var settings = changed.Connection.Settings;
        var left = SecretsOf(kind).Where(key => settings[key] is null && known.Connection.Settings[key] is not null).ToList();
        if (left.Count == 0) return changed;
        var with = changed with { Connection = changed.Connection with { Settings = left.Aggregate(settings, (all, key) => all.With(key, known.Connection.Settings[key])) } };
        var parameters = Connections.First(offered => offered.Kind == kind).Parameters;
        return !parameters.Check(with.Connection.Settings, "").Any() && Driver.EndpointOf(Complete(with).Connection) == Driver.EndpointOf(Complete(known).Connection)
            ? with
            : changed;
    }

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
