using System.Globalization;
using System.Text.Json;
using HPManager.Core.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;

namespace HPManager.Drivers.Viessmann.SignIn;

/// <summary>Reads what an account may see: installations, their gateways, and the devices behind them.</summary>
internal static class Installations
{
    /// <summary>The one call that tells everything.</summary>
    public const string Path = "equipment/installations?includeGateways=true";

    private const int Most = 200;
    private static readonly string[] HeatPumpModels = ["Vitocal", "VBC70", "V200WO1A", "CU401B"];

    /// <summary>Ids of the installations.</summary>
    public static IReadOnlyList<string> Ids(JsonElement body) =>
        [.. body.Member("data").Items().Select(IdOf).OfType<string>().Distinct().Take(Most)];

    /// <summary>The heat pumps among the devices.</summary>
    public static IReadOnlyList<AccountDevice> HeatPumps(JsonElement body) =>
    [
        .. from installation in body.Member("data").Items()
           let id = IdOf(installation)
           where id is not null
           from gateway in installation.Member("gateways").Items()
           let serial = gateway.Member("serial").Text()
           where serial is not null
           from device in gateway.Member("devices").Items()
           where IsHeatPump(device)
           let place = new ViessmannPlace(id, serial, device.Member("id").Text() ?? "")
           where ViessmannPlace.TryParse(place.ToString(), out _)
           select new AccountDevice(place.ToString(), LabelOf(installation, device, place)),
    ];

    private static string? IdOf(JsonElement installation) => installation.Member("id").Whole()?.ToString(CultureInfo.InvariantCulture);

    private static bool IsHeatPump(JsonElement device) =>
        device.Member("roles").Items().Any(role => role.Text() == "type:heatpump")
        || HeatPumpModels.Any(model => device.Member("modelId").Text()?.Contains(model, StringComparison.OrdinalIgnoreCase) == true);

    private static string LabelOf(JsonElement installation, JsonElement device, ViessmannPlace place)
    {
        var model = Clean(device.Member("modelId").Text()) ?? "Heat pump";
        var where = Clean(installation.Member("description").Text()) ?? Clean(installation.Member("address").Member("city").Text()) ?? $"installation {place.Installation}";
        var state = string.Equals(device.Member("status").Text(), "offline", StringComparison.OrdinalIgnoreCase) ? ", offline now" : "";
        return $"{model} at {where}, gateway …{place.Gateway[^Math.Min(4, place.Gateway.Length)..]}, device {place.Device}{state}";
    }

    private static string? Clean(string? text)
    {
        var clean = new string([.. (text ?? "").Where(letter => !char.IsControl(letter))]).Trim();
        return clean.Length == 0 ? null : clean[..Math.Min(60, clean.Length)];
    }
}
