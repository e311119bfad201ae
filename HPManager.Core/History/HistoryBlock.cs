using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History;

/// <summary>Polls of one heat pump as they were kept, one series a sensor. Immutable.</summary>
/// <param name="HeatPumpId">Whose.</param>
/// <param name="Times">Moments of the polls, UTC; strictly ascending unless the giver says otherwise.</param>
/// <param name="Series">One a sensor, each as long as <paramref name="Times"/>.</param>
public sealed record HistoryBlock(HeatPumpId HeatPumpId, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<HistorySeries> Series)
{
    /// <summary>Most polls in one block.</summary>
    public const int MostPolls = 1024;
}

/// <summary>What a sensor told, poll by poll.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Readings">One a poll.</param>
public sealed record HistorySeries(SensorKey Sensor, IReadOnlyList<StoredReading> Readings);

/// <summary>A reading as it is kept; <c>default</c> is that of a sensor that was no part of the poll.</summary>
/// <param name="Value">The value; only with quality good or implausible.</param>
/// <param name="Text">The text of a sensor that tells texts; null for others.</param>
/// <param name="Quality">How far it can be trusted; null when the sensor was no part of the poll.</param>
public readonly record struct StoredReading(double? Value, string? Text, Quality? Quality)
{
    /// <summary>Whether it takes part in charts and aggregates.</summary>
    public bool IsGood => Quality == Sensors.Quality.Good && Value is not null;
}
