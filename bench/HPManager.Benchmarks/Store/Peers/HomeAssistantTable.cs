using System.Globalization;
using System.Security.Cryptography;
using HPManager.Benchmarks.Store.Data;
using Microsoft.Data.Sqlite;

namespace HPManager.Benchmarks.Store.Peers;

/// <summary>
/// The tables that Home Assistant's recorder keeps states in, with their indexes and its settings of SQLite: a row for each state that has changed. It commits
/// every five seconds what has come; polls every ten seconds are a commit each.
/// </summary>
internal sealed class HomeAssistantTable : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA foreign_keys = ON;
        CREATE TABLE state_attributes (attributes_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_attrs TEXT);
        CREATE INDEX ix_state_attributes_hash ON state_attributes (hash);
        CREATE TABLE states_meta (metadata_id INTEGER NOT NULL PRIMARY KEY, entity_id VARCHAR(255));
        CREATE UNIQUE INDEX ix_states_meta_entity_id ON states_meta (entity_id);
        CREATE TABLE states (
          state_id INTEGER NOT NULL PRIMARY KEY, entity_id CHAR(0), state VARCHAR(255), attributes CHAR(0), event_id SMALLINT, last_changed CHAR(0), last_changed_ts FLOAT,
          last_reported_ts FLOAT, last_updated CHAR(0), last_updated_ts FLOAT, old_state_id INTEGER, attributes_id INTEGER, context_id CHAR(0), context_user_id CHAR(0),
          context_parent_id CHAR(0), origin_idx SMALLINT, context_id_bin BLOB, context_user_id_bin BLOB, context_parent_id_bin BLOB, metadata_id INTEGER,
          FOREIGN KEY(old_state_id) REFERENCES states (state_id), FOREIGN KEY(attributes_id) REFERENCES state_attributes (attributes_id),
          FOREIGN KEY(metadata_id) REFERENCES states_meta (metadata_id));
        CREATE INDEX ix_states_last_updated_ts ON states (last_updated_ts);
        CREATE INDEX ix_states_old_state_id ON states (old_state_id);
        CREATE INDEX ix_states_attributes_id ON states (attributes_id);
        CREATE INDEX ix_states_context_id_bin ON states (context_id_bin);
        CREATE INDEX ix_states_metadata_id_last_updated_ts ON states (metadata_id, last_updated_ts);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly bool _everyReading;
    private readonly double[][] _last;
    private readonly long[][] _lastRow;
    private readonly byte[] _context = new byte[16];

    /// <param name="folder">An empty folder.</param>
    /// <param name="recordings">Whose states will come.</param>
    /// <param name="everyReading">Whether also a state that has not changed gets a row, as Home Assistant does for sensors that force it.</param>
    public HomeAssistantTable(string folder, IReadOnlyList<Recording> recordings, bool everyReading)
    {
        _everyReading = everyReading;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "home-assistant_v2.db"), Pooling = false }.ConnectionString);
        _connection.Open();
        Run(Schema);
        using (var transaction = _connection.BeginTransaction())
        {
            foreach (var recording in recordings)
            {
                foreach (var sensor in recording.Sensors.All)
                {
                    var entity = $"sensor.{recording.HeatPump.Value.Replace('-', '_')}_{sensor.Key.Value}";
                    Run($"INSERT INTO states_meta (entity_id) VALUES ('{entity}')");
                    Run($"INSERT INTO state_attributes (hash, shared_attrs) VALUES ({(uint)entity.GetHashCode(StringComparison.Ordinal)}, '{{\"friendly_name\":\"{entity}\"}}')");
                }
            }

            transaction.Commit();
        }

        _last = [.. recordings.Select(recording => Filled(recording.Sensors.Count))];
        _lastRow = [.. recordings.Select(recording => new long[recording.Sensors.Count])];
        _insert = _connection.CreateCommand();
        _insert.CommandText = """
            INSERT INTO states (state, last_updated_ts, old_state_id, attributes_id, origin_idx, context_id_bin, metadata_id) VALUES ($0, $1, $2, $3, 0, $4, $3)
            """;
        for (var index = 0; index < 5; index++) _insert.Parameters.AddWithValue($"${index}", DBNull.Value);
        _insert.Prepare();
    }

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes one round of polls and commits.</summary>
    public void Write(IReadOnlyList<Recording> recordings, int poll)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        for (var pump = 0; pump < recordings.Count; pump++)
        {
            var recording = recordings[pump];
            var row = recording.Row(poll);
            var at = recording.TimeOf(poll).ToUnixTimeMilliseconds();
            for (var position = 0; position < row.Length; position++)
            {
                if (!_everyReading && row[position].Equals(_last[pump][position])) continue;
                _last[pump][position] = row[position];
                Insert(pump, position, row[position], at, (pump * recording.Sensors.Count) + position + 1);
            }
        }

        transaction.Commit();
    }

    /// <summary>The states of an entity in their order, as they read.</summary>
    public List<(double At, string State)> Read(int pump, int position, int sensors)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT last_updated_ts, state FROM states WHERE metadata_id = $0 ORDER BY last_updated_ts";
        command.Parameters.AddWithValue("$0", (pump * sensors) + position + 1);
        using var reader = command.ExecuteReader();
        var states = new List<(double, string)>();
        while (reader.Read()) states.Add((reader.GetDouble(0), reader.GetString(1)));
        return states;
    }

    public static string StateOf(double value) => double.IsNaN(value) ? "unavailable" : value.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    // A context is a ULID: milliseconds, then chance.
    private void Insert(int pump, int position, double value, long at, int number)
    {
        RandomNumberGenerator.Fill(_context);
        for (var index = 0; index < 6; index++) _context[index] = (byte)(at >> ((5 - index) * 8));
        var before = _lastRow[pump][position];
        _insert.Parameters[0].Value = StateOf(value);
        _insert.Parameters[1].Value = at / 1000.0;
        _insert.Parameters[2].Value = before == 0 ? DBNull.Value : before;
        _insert.Parameters[3].Value = number;
        _insert.Parameters[4].Value = _context;
        _insert.ExecuteNonQuery();

        // Rows are numbered from 1 on.
        _lastRow[pump][position] = ++Rows;
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // names of the benchmark's own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static double[] Filled(int count)
    {
        // No value of a device: everything has changed at first.
        var values = new double[count];
        Array.Fill(values, double.NegativeInfinity);
        return values;
    }
}
