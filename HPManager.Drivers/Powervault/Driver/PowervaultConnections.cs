using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>The way to reach a battery, and what an owner may decide about it.</summary>
internal static class PowervaultConnections
{
    /// <summary>Kind of the connection to the broker in the battery.</summary>
    public const string Kind = "powervault_mqtt";

    /// <summary>Key of the battery's own id.</summary>
    public const string DeviceId = "device_id";

    /// <summary>Key of the option how the clamps are read.</summary>
    public const string Clamps = "clamps";

    /// <summary>Key of the option whether the third clamp measures panels.</summary>
    public const string SolarClamp = "solar_clamp";

    /// <summary>Key of the option for the sign of the inverter's power.</summary>
    public const string PowerSign = "power_sign";

    /// <summary>The inverter's power is positive while the battery charges.</summary>
    public const string ChargingIsPositive = "charging_is_positive";

    public static ConnectionKind Description { get; } = new(
        Kind,
        "The battery's own MQTT broker",
        [
            .. MqttConnections.Broker("Name or address of the battery in your network; its network adapter begins with 00:1F:7B in your router's list."),
            new ParameterDefinition
            {
                Key = DeviceId, Label = "Device id", Kind = ParameterKind.Text, IsAdvanced = true, Rule = ProblemOfDeviceId,
                Help = "Leave empty: it is learnt from the first message. Only needed when several batteries speak to one broker.",
            },
        ]);

    public static IReadOnlyList<ParameterDefinition> Options { get; } =
    [
        new ParameterDefinition
        {
            Key = Clamps, Label = "Clamps", Kind = ParameterKind.Choice, Default = "house_is_grid",
            Choices =
            [
                new("house_is_grid", "HOUSE measures the grid, LOCAL the battery"),
                new("local_is_grid", "LOCAL measures the grid, HOUSE the house"),
                new("local_is_house", "HOUSE measures the grid, LOCAL the house"),
            ],
            Help = "What the clamps measure is disputed. Switch on a known load and see which of the three moves as it should.",
        },
        new ParameterDefinition
        {
            Key = SolarClamp, Label = "The clamp AUX1 measures solar panels", Kind = ParameterKind.Flag, Default = "false",
            Help = "Then its power is added to that of the house.",
        },
        new ParameterDefinition
        {
            Key = PowerSign, Label = "Sign of the inverter's power", Kind = ParameterKind.Choice, Default = "delivering_is_positive", IsAdvanced = true,
            Choices = [new("delivering_is_positive", "Positive while the battery delivers"), new(ChargingIsPositive, "Positive while the battery charges")],
        },
    ];

    // It becomes part of a topic filter.
    private static string? ProblemOfDeviceId(string id) =>
        id.Length <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? null : "Device id must be letters, digits, - and _, at most 64.";
}
