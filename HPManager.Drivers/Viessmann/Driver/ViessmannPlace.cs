namespace HPManager.Drivers.Viessmann.Driver;

/// <summary>Which device of an account: written as <c>4200001/7000000000000001/0</c>.</summary>
/// <param name="Installation">Id of the installation, digits.</param>
/// <param name="Gateway">Serial number of the gateway.</param>
/// <param name="Device">Id of the device behind it.</param>
internal sealed record ViessmannPlace(string Installation, string Gateway, string Device)
{
    private const int LongestPart = 60;

    /// <summary>What tells gateways apart.</summary>
    public string GatewayKey => $"{Installation}/{Gateway}";

    /// <summary>Reads a place; only letters that mean themselves within an address are allowed.</summary>
    public static bool TryParse(string? text, out ViessmannPlace place)
    {
        var parts = (text ?? "").Trim().Split('/');
        var isPlace = parts.Length == 3 && parts.All(IsPart) && parts[0].All(char.IsAsciiDigit);
        place = isPlace ? new ViessmannPlace(parts[0], parts[1], parts[2]) : new ViessmannPlace("", "", "");
        return isPlace;
    }

    /// <summary>Path of everything behind the gateway, below the cloud's base.</summary>
    public string AllFeaturesPath => $"features/installations/{Installation}/gateways/{Gateway}/features?includeDevicesFeatures=true";

    /// <summary>Path of one feature of the device.</summary>
    public string PathOf(string feature) => $"features/installations/{Installation}/gateways/{Gateway}/devices/{Device}/features/{Uri.EscapeDataString(feature)}";

    /// <summary>Path of one command of the device.</summary>
    public string PathOf(string feature, string command) => $"{PathOf(feature)}/commands/{Uri.EscapeDataString(command)}";

    /// <inheritdoc/>
    public override string ToString() => $"{Installation}/{Gateway}/{Device}";

    private static bool IsPart(string part) =>
        part.Length is > 0 and <= LongestPart && part is not ("." or "..") && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
