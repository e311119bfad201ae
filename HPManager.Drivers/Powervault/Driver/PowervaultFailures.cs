using HPManager.Core.Manufacturers;
using HPManager.Drivers.Mqtt;

namespace HPManager.Drivers.Powervault.Driver;

/// <summary>Turns what went wrong into what an owner can act on.</summary>
internal static class PowervaultFailures
{
    public static readonly Failure ReadOnly = new(
        FailureCause.Refused, "The battery takes no orders from here.", "Powervault has published no way to set anything over the local network.");

    public static Failure NothingYet(MqttEndpoint broker, string? deviceId) => new(
        FailureCause.NoData,
        $"The broker at {broker.Host} lets HPManager in, but no message of {(deviceId is null ? "a battery" : $"the battery {deviceId}")} has come.",
        "Check that this is the battery's own address and that it is switched on. Its first messages may take a minute or two.");

    public static Failure Silent(string deviceId, TimeSpan silence) => new(
        FailureCause.DeviceOffline,
        $"The broker answers, but the battery {deviceId} has said nothing for {(int)silence.TotalSeconds} s.",
        "Its controller may be starting again; if it stays silent, look at the battery's own display.");

    public static Failure SeveralBatteries(IEnumerable<string> ids) => new(
        FailureCause.Misconfigured,
        $"Several batteries speak to this broker: {string.Join(", ", ids)}.",
        "Enter the device id of the one that is meant, under Advanced.");
}
