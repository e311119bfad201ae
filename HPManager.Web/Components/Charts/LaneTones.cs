using HPManager.Core.Sensors;

namespace HPManager.Web.Components.Charts;

/// <summary>The semantic colour of a state, by its word: the same words mean the same for every make.</summary>
internal static class LaneTones
{
    private const string Quiet = "quiet";

    private static readonly (string Word, string Tone)[] Tones =
    [
        ("fault", "fault"), ("alarm", "fault"), ("error", "fault"), ("defrost", "defrost"), ("deic", "defrost"), ("hot water", "hot-water"), ("dhw", "hot-water"),
        ("tank", "hot-water"), ("pool", "hot-water"), ("legionella", "hot-water"), ("cool", "cooling"), ("not ready", Quiet), ("heat", "heating"), ("solar", "surplus"),
        ("surplus", "surplus"), ("off", Quiet), ("idle", Quiet), ("standby", Quiet), ("stopped", Quiet), ("none", Quiet), ("no demand", Quiet), ("ready", Quiet), ("pause", Quiet),
    ];

    /// <summary>Suffix of the CSS variables; null for a word that says nothing about it.</summary>
    public static string? Of(string word)
    {
        var plain = word.Replace('_', ' ').Replace('-', ' ');
        foreach (var (part, tone) in Tones)
        {
            if (plain.Contains(part, StringComparison.OrdinalIgnoreCase)) return tone;
        }

        return null;
    }

    /// <summary>The colour of a switch that is on.</summary>
    public static string OfSwitch(SensorDefinition sensor) => sensor.Signal switch
    {
        Signal.DefrostActive => "defrost",
        Signal.FaultActive => "fault",
        Signal.CompressorRunning => "heating",
        Signal.PvSurplus => "surplus",
        _ => Of(sensor.Label) is { } tone and not Quiet ? tone : "accent",
    };
}
