using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Powervault.Driver;
using YamlDotNet.RepresentationModel;

namespace HPManager.Drivers.Import;

/// <summary>A device that the environment names.</summary>
/// <param name="Key">Tells it apart from the others that an environment may name; never changes its meaning.</param>
/// <param name="Variables">The variables that name it, for people.</param>
/// <param name="HeatPump">
/// The device; null when it cannot be made of them. A gateway at a broker is still without its number, which has to be heard there: its settings are those of the broker.
/// </param>
/// <param name="Problem">Why not, naming the variable and what is allowed; null when it can.</param>
internal sealed record EnvironmentDevice(string Key, string Variables, HeatPump? HeatPump, string? Problem);

/// <summary>
/// Reads the variables that earlier collectors were configured with: a Husdata gateway (<c>H66_IP</c>, or <c>MQTT_BROKER</c> for one that publishes), and a
/// Powervault P3 (<c>P3_DEVICE_ID</c> at <c>MQTT_HOST</c>).
/// </summary>
internal static class CollectorEnvironment
{
    private const string UsualBrand = "thermia";
    private const int UsualInterval = 30;

    // Brands as those collectors called them, and the models that they stand for.
    private static readonly Dictionary<string, (string Manufacturer, string Model)> Brands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["thermia"] = ("thermia", "diplomat"),
        ["ivt"] = ("ivt", "rego_600"),
        ["ivt-rego400"] = ("ivt", "rego_400"),
        ["ivt-rego800"] = ("ivt", "rego_800"),
        ["ivt-rego1000"] = ("ivt", "rego_1000"),
        ["ivt-rego2000"] = ("ivt", "rego_2000"),
        ["nibe"] = ("nibe", "eb100_husdata"),
    };

    /// <summary>The devices that are named.</summary>
    /// <param name="variable">Value of a variable; null or empty for one that is not set.</param>
    /// <param name="configuration">Text of <c>config.yaml</c>, which may name the brand; null for none.</param>
    public static IReadOnlyList<EnvironmentDevice> Read(Func<string, string?> variable, string? configuration)
    {
        var devices = new List<EnvironmentDevice>();
        var (gateway, battery, broker) = (Of("H66_IP"), Of("P3_DEVICE_ID"), Of("MQTT_BROKER") ?? Of("MQTT_HOST"));
        if (gateway is not null) devices.Add(Husdata("H66_IP", new ConnectionConfig(HusdataConnections.Http, HostAndPort(gateway))));
        else if (broker is not null && battery is null) devices.Add(Husdata("MQTT_BROKER", new ConnectionConfig(HusdataConnections.Mqtt, Broker(broker))));
        if (battery is not null) devices.Add(Powervault(battery));
        return devices;

        string? Of(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;

        EnvironmentDevice Husdata(string variable, ConnectionConfig connection)
        {
            var brand = Of("HEATPUMP_BRAND") ?? BrandOf(configuration) ?? UsualBrand;
            if (!Brands.TryGetValue(brand, out var model)) return Refused("husdata", variable, $"HEATPUMP_BRAND is {brand}; known are {string.Join(", ", Brands.Keys)}.");
            var interval = Of("COLLECTION_INTERVAL") is { } text ? SecondsOf(text) : UsualInterval;
            if (interval is not { } seconds) return Refused("husdata", variable, "COLLECTION_INTERVAL must be whole seconds from 1 to 3600.");
            return Taken("husdata", variable, "Heat pump", model, connection, seconds);
        }

        EnvironmentDevice Powervault(string id)
        {
            if ((Of("MQTT_HOST") ?? Of("MQTT_BROKER")) is not { } host) return Refused("powervault", "P3_DEVICE_ID", "MQTT_HOST, the battery's address, is missing.");
            var settings = Broker(host).With(PowervaultConnections.DeviceId, id);
            return Taken("powervault", "P3_DEVICE_ID", "Battery", ("powervault", "p3"), new ConnectionConfig(PowervaultConnections.Kind, settings), UsualInterval);
        }

        Settings Broker(string host) => HostAndPort(host).With(MqttConnections.User, Of("MQTT_USERNAME")).With(MqttConnections.Password, variable("MQTT_PASSWORD") is { Length: > 0 } password ? password : null);
    }

    private static EnvironmentDevice Refused(string key, string variables, string problem) => new(key, variables, null, problem);

    private static EnvironmentDevice Taken(
        string key, string variables, string name, (string Manufacturer, string Model) model, ConnectionConfig connection, int seconds) => new(
        key,
        variables,
        new HeatPump
        {
            Id = default,
            Name = name,
            Manufacturer = model.Manufacturer,
            Model = model.Model,
            Connection = connection,
            Interval = TimeSpan.FromSeconds(seconds),
        },
        null);

    private static int? SecondsOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600 ? seconds : null;

    // An address may carry a port, and those collectors took http:// and mqtt:// in front of it as well.
    private static Settings HostAndPort(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var place = (scheme < 0 ? text : text[(scheme + 3)..]).TrimEnd('/');
        var colon = place.LastIndexOf(':');
        var isPort = colon > 0 && place.IndexOf(':') == colon && place[(colon + 1)..].All(char.IsAsciiDigit);
        var settings = new Settings([new("host", isPort ? place[..colon] : place)]);
        return isPort ? settings.With("port", place[(colon + 1)..]) : settings;
    }

    private static string? BrandOf(string? configuration)
    {
        if (configuration is null) return null;
        try
        {
            return YamlFields.ParseRoot(configuration) is YamlMappingNode root && root.Children.TryGetValue(new YamlScalarNode("brand"), out var brand)
                ? (brand as YamlScalarNode)?.Value
                : null;
        }
        catch (ProfileFormatException)
        {
            // A config.yaml of something else: the variables alone count.
            return null;
        }
    }
}
