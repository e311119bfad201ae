using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Embedded;

/// <summary>Polls as callers of the store see them.</summary>
internal static class Blocks
{
    /// <summary>A block of polls.</summary>
    /// <param name="heatPump">Whose.</param>
    /// <param name="polls">The polls.</param>
    /// <param name="columns">The sensors in the order of the block; without a column for one that has no reading here.</param>
    public static HistoryBlock Of(HeatPumpId heatPump, PollColumns polls, IEnumerable<(SensorKey Sensor, SeriesColumn? Column)> columns) => new(
        heatPump,
        Array.ConvertAll(polls.Times, DateTimeOffset.FromUnixTimeMilliseconds),
        [.. columns.Select(one => new HistorySeries(one.Sensor, Readings(one.Column, polls.Count)))]);

    private static StoredReading[] Readings(SeriesColumn? column, int polls)
    {
        var readings = new StoredReading[polls];
        if (column is null) return readings;
        for (var poll = 0; poll < polls; poll++) readings[poll] = ReadingState.ReadingOf(column.States[poll], column.Values[poll], column.Texts?[poll]);
        return readings;
    }
}
