using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.Engines;

/// <summary>What differs between engines when they are read. Every answer is bounded by what is asked for.</summary>
internal interface IEngineReader
{
    /// <summary>Moments of the polls of a heat pump, Unix milliseconds, in any order; null when there are more than so many.</summary>
    Task<IReadOnlyCollection<long>?> PollsAsync(HeatPumpId heatPump, EngineRange range, int most, CancellationToken cancellationToken);

    /// <summary>Every value of some sensors; null when a sensor has more than so many.</summary>
    Task<EnginePoints?> PointsAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, int most, CancellationToken cancellationToken);

    /// <summary>Fills the buckets of some sensors from the values within the range.</summary>
    Task FillAsync(HeatPumpId heatPump, IReadOnlyList<SensorKey> sensors, EngineRange range, EngineBuckets buckets, CancellationToken cancellationToken);
}

/// <summary>Answers a question out of what an engine can tell, the same way for every engine.</summary>
internal static class EngineReading
{
    /// <summary>The answer.</summary>
    public static async Task<HistoryTable> ReadAsync(this IEngineReader reader, HistoryQuery query, CancellationToken cancellationToken)
    {
        var sensors = query.Sensors.Distinct().ToList();
        var table = await ReadAsync(reader, query, sensors, cancellationToken);
        return sensors.Count == query.Sensors.Count ? table : table with { Columns = [.. query.Sensors.Select(sensor => table.Columns[sensors.IndexOf(sensor)])] };
    }

    private static async Task<HistoryTable> ReadAsync(
        IEngineReader reader, HistoryQuery query, List<SensorKey> sensors, CancellationToken cancellationToken)
    {
        var range = EngineRange.Of(query);
        if (await reader.PollsAsync(query.HeatPumpId, range, query.Points, cancellationToken) is { } polls
            && await reader.PointsAsync(query.HeatPumpId, sensors, range, query.Points, cancellationToken) is { } points
            && points.ToTable(polls, query.Points) is { } table)
        {
            return table;
        }

        var buckets = new EngineBuckets(sensors.Count, HistoryBuckets.Of(query.From, query.To, query.Points));
        await reader.FillAsync(query.HeatPumpId, sensors, range, buckets, cancellationToken);
        return buckets.ToTable();
    }
}
