using System.Globalization;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Tests.Core.History.Import;

/// <summary>Which form of Home Assistant's recorder.</summary>
public enum RecorderForm
{
    /// <summary>2021: names, attributes and times as texts in each row.</summary>
    Texts,

    /// <summary>2023.2: times as numbers, attributes in a table of their own.</summary>
    Numbers,

    /// <summary>Since 2023.4: names in a table of their own too.</summary>
    Names,

    /// <summary>As <see cref="Names"/>, while half of the names are not moved yet.</summary>
    Moving,
}

/// <summary>A database as Home Assistant's recorder makes it, by the columns of its published schema.</summary>
internal sealed class RecorderFile : IDisposable
{
    private const string Texts = """
        CREATE TABLE states (state_id INTEGER NOT NULL PRIMARY KEY, domain VARCHAR(64), entity_id VARCHAR(255), state VARCHAR(255), attributes TEXT, event_id INTEGER,
          last_changed DATETIME, last_updated DATETIME, created DATETIME, old_state_id INTEGER);
        CREATE INDEX ix_states_entity_id_last_updated ON states (entity_id, last_updated);
        CREATE TABLE statistics_meta (id INTEGER NOT NULL PRIMARY KEY, statistic_id VARCHAR(255), source VARCHAR(32), unit_of_measurement VARCHAR(255), has_mean BOOLEAN, has_sum BOOLEAN);
        CREATE TABLE statistics (id INTEGER NOT NULL PRIMARY KEY, created DATETIME, metadata_id INTEGER, start DATETIME, mean FLOAT, min FLOAT, max FLOAT, last_reset DATETIME, state FLOAT, sum FLOAT);
        CREATE TABLE statistics_short_term (id INTEGER NOT NULL PRIMARY KEY, created DATETIME, metadata_id INTEGER, start DATETIME, mean FLOAT, min FLOAT, max FLOAT, last_reset DATETIME, state FLOAT, sum FLOAT);
        """;

    private const string Numbers = """
        CREATE TABLE states (state_id INTEGER NOT NULL PRIMARY KEY, entity_id VARCHAR(255), state VARCHAR(255), attributes TEXT, event_id INTEGER, last_changed DATETIME, last_changed_ts FLOAT,
          last_updated DATETIME, last_updated_ts FLOAT, old_state_id INTEGER, attributes_id INTEGER, context_id VARCHAR(36), origin_idx SMALLINT);
        CREATE INDEX ix_states_entity_id_last_updated_ts ON states (entity_id, last_updated_ts);
        CREATE TABLE state_attributes (attributes_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_attrs TEXT);
        CREATE TABLE statistics_meta (id INTEGER NOT NULL PRIMARY KEY, statistic_id VARCHAR(255), source VARCHAR(32), unit_of_measurement VARCHAR(255), has_mean BOOLEAN, has_sum BOOLEAN, name VARCHAR(255));
        CREATE TABLE statistics (id INTEGER NOT NULL PRIMARY KEY, created DATETIME, created_ts FLOAT, metadata_id INTEGER, start DATETIME, start_ts FLOAT, mean FLOAT, min FLOAT, max FLOAT,
          last_reset DATETIME, last_reset_ts FLOAT, state FLOAT, sum FLOAT);
        CREATE TABLE statistics_short_term (id INTEGER NOT NULL PRIMARY KEY, created DATETIME, created_ts FLOAT, metadata_id INTEGER, start DATETIME, start_ts FLOAT, mean FLOAT, min FLOAT, max FLOAT,
          last_reset DATETIME, last_reset_ts FLOAT, state FLOAT, sum FLOAT);
        """;

    private const string Names = """
        ALTER TABLE states ADD COLUMN metadata_id INTEGER;
        ALTER TABLE states ADD COLUMN last_reported_ts FLOAT;
        CREATE TABLE states_meta (metadata_id INTEGER NOT NULL PRIMARY KEY, entity_id VARCHAR(255));
        CREATE INDEX ix_states_metadata_id_last_updated_ts ON states (metadata_id, last_updated_ts);
        CREATE INDEX ix_states_last_updated_ts ON states (last_updated_ts);
        """;

    private readonly SqliteConnection _connection;
    private readonly RecorderForm _form;
    private readonly Dictionary<string, long> _ids = [];
    private int _rows;

    public RecorderFile(string file, RecorderForm form)
    {
        SqliteEngine.Prepare();
        _form = form;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        _connection.Open();
        Execute("BEGIN");
        Execute(form == RecorderForm.Texts ? Texts : Numbers);
        if (form >= RecorderForm.Names) Execute(Names);
    }

    public void State(string entity, string moment, string? state, string attributes = "{}")
    {
        var at = ImportRig.Utc(moment);
        var isMoved = _form >= RecorderForm.Names && (_form == RecorderForm.Names || ++_rows % 2 == 0);
        if (_form == RecorderForm.Texts)
        {
            Execute(
                "INSERT INTO states (domain, entity_id, state, attributes, last_changed, last_updated, created) VALUES ($0, $1, $2, $3, $4, $4, $4)",
                entity.Split('.')[0],
                entity,
                state,
                attributes,
                Text(at));
            return;
        }

        Execute("INSERT OR IGNORE INTO state_attributes (hash, shared_attrs) SELECT $0, $1 WHERE NOT EXISTS (SELECT 1 FROM state_attributes WHERE shared_attrs = $1)", 7L, attributes);
        if (isMoved)
        {
            Execute("INSERT INTO states_meta (entity_id) SELECT $0 WHERE NOT EXISTS (SELECT 1 FROM states_meta WHERE entity_id = $0)", entity);
            Execute(
                "INSERT INTO states (state, last_updated_ts, attributes_id, metadata_id) VALUES ($0, $1, (SELECT attributes_id FROM state_attributes WHERE shared_attrs = $2), (SELECT metadata_id FROM states_meta WHERE entity_id = $3))",
                state,
                Seconds(at),
                attributes,
                entity);
        }
        else
        {
            Execute(
                "INSERT INTO states (entity_id, state, last_updated_ts, attributes_id) VALUES ($0, $1, $2, (SELECT attributes_id FROM state_attributes WHERE shared_attrs = $3))",
                entity,
                state,
                Seconds(at),
                attributes);
        }
    }

    /// <summary>A period of an entity's statistics, by its begin.</summary>
    public void Statistic(string entity, string moment, double? mean, bool isShort, string unit, double? state = null)
    {
        if (!_ids.TryGetValue(entity, out var id))
        {
            _ids[entity] = id = _ids.Count + 1;
            Execute("INSERT INTO statistics_meta (id, statistic_id, source, unit_of_measurement, has_mean, has_sum) VALUES ($0, $1, 'recorder', $2, 1, 0)", id, entity, unit);
        }

        var at = ImportRig.Utc(moment);
        var (column, start) = _form == RecorderForm.Texts ? ("start", (object)Text(at)) : ("start_ts", Seconds(at));
        Execute($"INSERT INTO {(isShort ? "statistics_short_term" : "statistics")} (metadata_id, {column}, mean, state) VALUES ($0, $1, $2, $3)", id, start, mean, state);
    }

    public void Dispose()
    {
        Execute("COMMIT");
        _connection.Dispose();
    }

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private void Execute(string sql, params object?[] values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++) command.Parameters.AddWithValue("$" + index, values[index] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
