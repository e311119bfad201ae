using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Import.HomeAssistant;

/// <summary>Entities of a recorder and their states.</summary>
internal sealed class RecorderEntities(RecorderDatabase database)
{
    private readonly HashSet<string> _columns = database.Columns("states");

    /// <summary>Names of all that have states or statistics, in order.</summary>
    public IReadOnlyList<string> All(IReadOnlyCollection<string> others)
    {
        var names = new SortedSet<string>(others, StringComparer.Ordinal);
        var sql = database.HasMetadata ? "SELECT entity_id FROM states_meta WHERE entity_id IS NOT NULL" : "SELECT DISTINCT entity_id FROM states WHERE entity_id IS NOT NULL";
        names.UnionWith(database.Rows(sql, row => row.GetString(0)));
        return [.. names.Where(name => name.Contains('.', StringComparison.Ordinal))];
    }

    /// <summary>How many states an entity has, and from when to when in Unix milliseconds.</summary>
    public (long Count, long First, long Last) SpanOf(string entity)
    {
        var row = database.Rows(
            $"SELECT count({database.Time}), min({database.Time}), max({database.Time}) FROM states s WHERE {database.Is}",
            row => (Count: row.GetInt64(0), First: Moment(row, 1), Last: Moment(row, 2)),
            entity).First();
        return row is { First: { } first, Last: { } last } ? (row.Count, first, last) : default;
    }

    /// <summary>Unit and the name that people gave it, of the newest state that tells them.</summary>
    public (string? Unit, string? Name) AttributesOf(string entity)
    {
        var sql = _columns.Contains("attributes_id") && database.Columns("state_attributes").Contains("shared_attrs")
            ? $"SELECT coalesce(a.shared_attrs, {(_columns.Contains("attributes") ? "s.attributes" : "NULL")}) FROM states s LEFT JOIN state_attributes a ON a.attributes_id = s.attributes_id WHERE {database.Is} ORDER BY {database.Time} DESC LIMIT 20"
            : _columns.Contains("attributes") ? $"SELECT s.attributes FROM states s WHERE {database.Is} ORDER BY {database.Time} DESC LIMIT 20" : null;
        if (sql is null) return default;
        string? unit = null;
        string? name = null;
        foreach (var text in database.Rows(sql, row => row.IsDBNull(0) ? null : row.GetString(0), entity))
        {
            unit ??= Member(text, "unit_of_measurement");
            name ??= Member(text, "friendly_name");
            if (unit is not null && name is not null) break;
        }

        return (unit, name);
    }

    /// <summary>Some of its newest states that tell something.</summary>
    public IReadOnlyList<string> SamplesOf(string entity, int most) =>
    [
        .. database.Rows($"SELECT s.state FROM states s WHERE {database.Is} ORDER BY {database.Time} DESC LIMIT 200", row => row.IsDBNull(0) ? "" : row.GetString(0), entity)
            .Where(state => state is not ("" or "unknown" or "unavailable"))
            .Select(state => state.Length <= 40 ? state : state[..40] + "…")
            .Distinct()
            .Take(most),
    ];

    /// <summary>First and last moment of all states; the first behind the last when there are none. An end that makes no sense is as far as times go.</summary>
    public (long First, long Last) Extent() => database.Rows(
        $"SELECT min({database.Time}), max({database.Time}) FROM states s",
        row => row.IsDBNull(0) ? (First: 1L, Last: 0L) : (First: Math.Max(0, Moment(row, 0) ?? 0), Last: Moment(row, 1) ?? DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())).First();

    /// <summary>Moment of the first state at or behind one; null when there is none.</summary>
    public long? NextFrom(long from) =>
        database.Rows($"SELECT min({database.Time}) FROM states s WHERE {database.Time} >= $0", row => Moment(row, 0), database.TimeValue(from)).First();

    /// <summary>States of all entities in a stretch of time, ascending.</summary>
    public IEnumerable<(string? Entity, long? At, string? State)> States(long from, long to) => database.Rows(
        $"SELECT {database.Entity}, {database.Time}, s.state FROM {database.From} WHERE {database.Time} >= $0 AND {database.Time} < $1 ORDER BY {database.Time}",
        row => (row.IsDBNull(0) ? null : row.GetString(0), Moment(row, 1), row.IsDBNull(2) ? null : row.GetString(2)),
        database.TimeValue(from),
        database.TimeValue(to));

    private static long? Moment(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : RecorderDatabase.MomentOf(row.GetValue(column));

    private static string? Member(string? json, string name)
    {
        if (string.IsNullOrEmpty(json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
