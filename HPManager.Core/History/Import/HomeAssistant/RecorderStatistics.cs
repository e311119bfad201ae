using System.Globalization;

namespace HPManager.Core.History.Import.HomeAssistant;

/// <summary>The statistics of a recorder: means of five minutes, kept some days, and of hours, kept for ever.</summary>
internal sealed class RecorderStatistics
{
    private const long FiveMinutes = 5 * 60_000;
    private const long Hour = 60 * 60_000;

    private readonly RecorderDatabase _database;
    private readonly Dictionary<string, (long Id, string? Unit)> _ids = [];
    private readonly List<(string Table, long Period, string Start, bool IsNumeric)> _tables = [];

    public RecorderStatistics(RecorderDatabase database)
    {
        _database = database;
        var columns = database.Columns("statistics_meta");
        if (!columns.Contains("id") || !columns.Contains("statistic_id")) return;
        var unit = columns.Contains("unit_of_measurement") ? "unit_of_measurement" : "NULL";
        foreach (var (id, name, symbol) in database.Rows(
            $"SELECT id, statistic_id, {unit} FROM statistics_meta",
            row => (row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2))))
        {
            if (name.Length > 0) _ids[name] = (id, symbol);
        }

        foreach (var (table, period) in new[] { ("statistics_short_term", FiveMinutes), ("statistics", Hour) })
        {
            var own = database.Columns(table);
            if (!own.Contains("metadata_id") || !own.Contains("mean") || !own.Contains("state")) continue;
            if (own.Contains("start_ts")) _tables.Add((table, period, "start_ts", true));
            else if (own.Contains("start")) _tables.Add((table, period, "start", false));
        }
    }

    /// <summary>Entities that have some.</summary>
    public IReadOnlyCollection<string> Ids => _ids.Keys;

    /// <summary>Their unit; null when it is not told.</summary>
    public string? UnitOf(string entity) => _ids.TryGetValue(entity, out var known) ? known.Unit : null;

    /// <summary>How many there are of an entity, and from when to when in Unix milliseconds.</summary>
    public (long Count, long First, long Last) SpanOf(string entity)
    {
        if (!_ids.TryGetValue(entity, out var known)) return default;
        var (count, first, last) = (0L, long.MaxValue, long.MinValue);
        foreach (var (table, period, start, _) in _tables)
        {
            var row = _database.Rows(
                $"SELECT count(*), min({start}), max({start}) FROM {table} WHERE metadata_id = $0 AND {start} IS NOT NULL",
                row => (Count: row.GetInt64(0), First: RecorderDatabase.MomentOf(row.GetValue(1)), Last: RecorderDatabase.MomentOf(row.GetValue(2))),
                known.Id).First();
            if (row is not { Count: > 0, First: { } begin, Last: { } end }) continue;
            (count, first, last) = (count + row.Count, Math.Min(first, begin + period), Math.Max(last, end + period));
        }

        return count == 0 ? default : (count, first, last);
    }

    /// <summary>
    /// Means at the ends of their periods, or the counter's state then, of periods that begin within a stretch of time: of five minutes where there are such, else of hours.
    /// </summary>
    /// <param name="entity">Whose.</param>
    /// <param name="from">Unix milliseconds.</param>
    /// <param name="to">Likewise, exclusive.</param>
    /// <param name="end">Only periods that ended by then.</param>
    public IEnumerable<(long At, double Value)> Between(string entity, long from, long to, long end)
    {
        if (!_ids.TryGetValue(entity, out var known)) yield break;
        var limit = end;
        foreach (var (table, period, start, isNumeric) in _tables)
        {
            var means = _database.Rows(
                $"SELECT {start}, coalesce(mean, state) FROM {table} WHERE metadata_id = $0 AND {start} >= $1 AND {start} < $2 AND coalesce(mean, state) IS NOT NULL",
                row => (At: RecorderDatabase.MomentOf(row.GetValue(0)) + period, Value: row.GetValue(1)),
                known.Id,
                RecorderDatabase.TimeValue(from, isNumeric),
                RecorderDatabase.TimeValue(to, isNumeric));
            foreach (var (at, value) in means)
            {
                if (at is { } moment && moment >= 0 && moment <= limit && value is double or long) yield return (moment, Convert.ToDouble(value, CultureInfo.InvariantCulture));
            }

            // The finer table comes first; the coarser one is taken for what lies before it.
            var first = _database.Rows($"SELECT min({start}) FROM {table} WHERE metadata_id = $0", row => RecorderDatabase.MomentOf(row.GetValue(0)), known.Id).First();
            if (first is { } begin) limit = Math.Min(limit, begin);
        }
    }
}
