namespace HPManager.Core.History.Engines;

/// <summary>
/// Beside its readings every poll leaves a mark in an engine: how many good values it had. Without it nobody could tell later on a poll in which a sensor told nothing from
/// a time in which nothing was polled, and an engine's rows would be others than those of the embedded store. For an alarm in Grafana it is what tells that a heat pump does not answer.
/// </summary>
internal static class PollMarks
{
    /// <summary>Measurement, or table, of the marks. No sensor can have this name: theirs are another measurement's fields.</summary>
    public const string Measurement = "heatpump_polls";

    /// <summary>Field with the number of good values.</summary>
    public const string Field = "readings";
}
