using System.Net.Http.Headers;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>What an owner said of an InfluxDB.</summary>
/// <param name="Http">Where it is.</param>
/// <param name="Version">Its major version; null to ask it.</param>
/// <param name="Organisation">Organisation, for version 2.</param>
/// <param name="Bucket">Bucket, or database.</param>
/// <param name="Layout">How lines are laid out.</param>
internal sealed record InfluxSettings(EngineHttpSettings Http, int? Version, string Organisation, string Bucket, LineLayout Layout)
{
    /// <summary>Out of settings that passed the parameters' checks.</summary>
    public static InfluxSettings Of(Settings settings)
    {
        var (login, secrets) = LoginOf(settings["token"], settings["user"], settings["password"] ?? "");
        return new InfluxSettings(
            new EngineHttpSettings("InfluxDB", EngineAddress.Parse(settings["url"]!), login, secrets),
            settings.Integer("version"),
            settings["org"] ?? "",
            settings["bucket"] ?? "heatpump",
            LineNames.Parse(settings["layout"]));
    }

    private static (AuthenticationHeaderValue? Login, IReadOnlyList<string> Secrets) LoginOf(string? token, string? user, string password)
    {
        if (!string.IsNullOrEmpty(token)) return (new AuthenticationHeaderValue("Token", token), [token]);
        return string.IsNullOrEmpty(user) ? (null, []) : EngineLogin.Basic(user, password);
    }
}
