using HPManager.Core.Alerts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Drivers.Modbus.Profiles.Owner;

namespace HPManager.Drivers.Import;

/// <summary>Where something stands in the older files.</summary>
/// <param name="File">File.</param>
/// <param name="Line">Line, from 1.</param>
internal readonly record struct Place(string File, int Line);

/// <summary>An owner's device that registers.yml describes.</summary>
internal sealed record LegacyModel(Place Place, string Name, ProfileDraft Draft);

/// <summary>A heat pump, complete but for what a model's defaults add.</summary>
internal sealed record LegacyHeatPump(Place Place, HeatPump HeatPump);

/// <summary>A job or an alert of a heat pump.</summary>
internal sealed record LegacyOwned<T>(Place Place, string Subject, HeatPumpId Owner, T Item);

/// <summary>Everything that older files say and that there is a place for here.</summary>
internal sealed class LegacyConfiguration
{
    public List<LegacyModel> Models { get; } = [];

    public List<LegacyHeatPump> HeatPumps { get; } = [];

    public List<LegacyOwned<Job>> Jobs { get; } = [];

    public List<LegacyOwned<AlertRule>> Alerts { get; } = [];

    public List<ImportEntry> Entries { get; } = [];

    /// <summary>Seconds between polls that collector.yml sets for all; null when it does not.</summary>
    public TimeSpan? Interval { get; set; }

    public void Report(Place place, string subject, ImportOutcome outcome, string message) =>
        Entries.Add(new ImportEntry(place.File, place.Line, subject, outcome, message));

    /// <summary>Reports what is here already: <paramref name="name"/> begins the sentence.</summary>
    public void ReportExisting(Place place, string subject, bool isSame, string name) => Report(
        place, subject, isSame ? ImportOutcome.Unchanged : ImportOutcome.KeptAsEdited, isSame ? $"{name} is here already." : $"{name} was changed here since.");

    public void Leave(string file, int line, string subject, string why) => Entries.Add(new ImportEntry(file, line, subject, ImportOutcome.NotTaken, why));

    public void Note(string file, int line, string subject, string how) => Entries.Add(new ImportEntry(file, line, subject, ImportOutcome.Taken, how));

    /// <summary>Reports every key of a mapping that nobody asked for.</summary>
    public void LeaveUnasked(string file, LegacyNode node, string subject)
    {
        foreach (var (key, line) in node.Unasked) Leave(file, line, $"{subject}: {key}", "There is nothing here that this setting would do.");
    }
}
