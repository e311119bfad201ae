using System.Text.Json.Serialization;
using HPManager.Core.Text;

namespace HPManager.Drivers.Import;

/// <summary>What became of one thing in an older configuration.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ImportOutcome>))]
public enum ImportOutcome
{
    /// <summary>It was taken over, or would be.</summary>
    Taken,

    /// <summary>It is here already, just so.</summary>
    Unchanged,

    /// <summary>It is here already and was changed here since; that is kept.</summary>
    KeptAsEdited,

    /// <summary>It was left out; the message says why.</summary>
    NotTaken,
}

/// <summary>One line of the report.</summary>
/// <param name="File">The file it is from.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Subject">What it is about: <c>heat pump cellar</c>, <c>register flow_temp</c>. Never a secret.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">How it was understood, or why it was left out.</param>
public sealed record ImportEntry(string File, int Line, string Subject, ImportOutcome Outcome, string Message);

/// <summary>What was taken from an older configuration, what was not, and why.</summary>
/// <param name="IsCheckOnly">Nothing was changed; it says what would be.</param>
/// <param name="Entries">In the order of the files.</param>
public sealed record ImportReport(bool IsCheckOnly, IReadOnlyList<ImportEntry> Entries)
{
    /// <summary>Things with an outcome.</summary>
    public int Count(ImportOutcome outcome) => Entries.Count(entry => entry.Outcome == outcome);
}
