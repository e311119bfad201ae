using System.Globalization;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Components;

namespace HPManager.Web.Components.Devices;

/// <summary>What a register reads now: value and unit, how far it can be trusted, its age, and the words behind it.</summary>
public sealed partial class RegisterNow
{
    private const int MostWords = 8;

    /// <summary>The register.</summary>
    [Parameter, EditorRequired]
    public required RegisterForm Row { get; set; }

    /// <summary>Words in hexadecimal, as manuals and other tools print them.</summary>
    public static string Hex(IReadOnlyList<ushort?> words)
    {
        var shown = string.Join(' ', words.Take(MostWords).Select(word => word?.ToString("X4", CultureInfo.InvariantCulture) ?? "----"));
        return words.Count > MostWords ? shown + " …" : shown;
    }

    private static string Quality(Reading reading) => reading.Quality == Core.Sensors.Quality.Good ? "good" : "doubtful";

    private static string Word(Reading reading) => reading.Quality switch
    {
        Core.Sensors.Quality.Good => "Good",
        Core.Sensors.Quality.Stale => $"Old: {reading.Reason}",
        Core.Sensors.Quality.Implausible => $"Implausible: {reading.Reason}",
        Core.Sensors.Quality.Failed => $"Failed: {reading.Reason}",
        _ => $"No value: {reading.Reason}",
    };
}
