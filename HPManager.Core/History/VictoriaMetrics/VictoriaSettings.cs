using System.Net.Http.Headers;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>What an owner said of a VictoriaMetrics.</summary>
/// <param name="Writing">Where it is written to.</param>
/// <param name="Reading">Where it is read from.</param>
/// <param name="Names">How metrics are called there.</param>
internal sealed record VictoriaSettings(EngineHttpSettings Writing, EngineHttpSettings Reading, MetricNames Names)
{
    /// <summary>Out of settings that passed the parameters' checks.</summary>
    public static VictoriaSettings Of(Settings settings)
    {
        var (login, secrets) = LoginOf(settings["token"], settings["user"], settings["password"] ?? "");
        var writing = new EngineHttpSettings("VictoriaMetrics", EngineAddress.Parse(settings["url"]!), login, secrets);
        return new VictoriaSettings(
            writing,
            settings["read_url"] is { Length: > 0 } other ? writing with { Address = EngineAddress.Parse(other) } : writing,
            MetricNames.Parse(settings["format"]));
    }

    private static (AuthenticationHeaderValue? Login, IReadOnlyList<string> Secrets) LoginOf(string? token, string? user, string password)
    {
        if (!string.IsNullOrEmpty(token)) return (new AuthenticationHeaderValue("Bearer", token), [token]);
        return string.IsNullOrEmpty(user) ? (null, []) : EngineLogin.Basic(user, password);
    }
}
