using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Sensors;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>What a source must answer, worked out in the plainest way from everything that was kept.</summary>
internal static class NaiveHistory
{
    public static HistoryTable Query(IEnumerable<RandomPolls> kept, HistoryQuery query)
    {
        var polls = kept.SingleOrDefault(one => one.HeatPump == query.HeatPumpId);
        var within = polls is null ? [] : Enumerable.Range(0, polls.Times.Count).Where(poll => polls.Times[poll] >= query.From && polls.Times[poll] < query.To).ToList();
        var rows = WithGaps([.. within.Select(poll => polls!.Times[poll].ToUnixTimeMilliseconds())]);
        return rows.Count <= query.Points ? Polls(polls, query, within, rows) : Buckets(polls!, query, within);
    }

    private static HistoryTable Polls(RandomPolls? polls, HistoryQuery query, List<int> within, List<long> rows)
    {
        var columns = query.Sensors.Select(sensor =>
        {
            var values = within.ToDictionary(poll => polls!.Times[poll].ToUnixTimeMilliseconds(), poll => Good(polls!, sensor, poll));
            return HistoryColumn.OfPolls([.. rows.Select(row => values.GetValueOrDefault(row))]);
        });
        return new HistoryTable([.. rows.Select(DateTimeOffset.FromUnixTimeMilliseconds)], [.. columns], TimeSpan.Zero);
    }

    private static HistoryTable Buckets(RandomPolls polls, HistoryQuery query, List<int> within)
    {
        var buckets = HistoryBuckets.Of(query.From, query.To, query.Points);
        var columns = query.Sensors.Select(sensor =>
        {
            var values = Enumerable.Range(0, buckets.Count).Select(_ => new List<double>()).ToArray();
            foreach (var poll in within)
            {
                if (Good(polls, sensor, poll) is { } value) values[buckets.IndexOf(polls.Times[poll].ToUnixTimeMilliseconds())].Add(value);
            }

            double?[] Of(Func<List<double>, double> what) => [.. values.Select(own => own.Count == 0 ? null : (double?)what(own))];
            return new HistoryColumn(Of(own => own.Min()), Of(own => own.Average()), Of(own => own.Max()), Of(own => own[^1]), [.. values.Select(own => own.Count)]);
        });
        return new HistoryTable(buckets.Times(), [.. columns], TimeSpan.FromMilliseconds(buckets.Width));
    }

    private static double? Good(RandomPolls polls, SensorKey sensor, int poll)
    {
        var reading = polls.Series.SingleOrDefault(series => series.Sensor == sensor)?.Readings[poll];
        return reading is { Quality: Quality.Good } ? reading.Value.Value : null;
    }

    // The contract's rule, in its own words: further apart than three times the distance of their neighbours.
    private static List<long> WithGaps(long[] polls)
    {
        var rows = new List<long>();
        for (var poll = 0; poll < polls.Length; poll++)
        {
            if (poll > 0)
            {
                var distance = polls[poll] - polls[poll - 1];
                var neighbours = new List<long>();
                if (poll > 1) neighbours.Add(polls[poll - 1] - polls[poll - 2]);
                if (poll < polls.Length - 1) neighbours.Add(polls[poll + 1] - polls[poll]);
                if (neighbours.Count > 0 && distance > 3 * neighbours.Max()) rows.Add((polls[poll - 1] + polls[poll]) / 2);
            }

            rows.Add(polls[poll]);
        }

        return rows;
    }
}
