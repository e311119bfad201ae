using System.Globalization;

namespace HPManager.Core.History.PostgreSql;

/// <summary>
/// The tables, as statements. <c>readings</c> is narrow: a number for the sensor, a moment, a value; what the number means stands in <c>sensors</c> and <c>heat_pumps</c>, and the
/// view <c>history</c> has it all in words. Each statement can be repeated.
/// </summary>
/// <param name="name">Name of the schema, lower snake case, so that it has no quotes within.</param>
internal sealed class PostgreSqlTables(string name)
{
    // Quoted, because a name may be a word of SQL.
    private readonly string _schema = $"\"{name}\"";

    /// <summary>Whether TimescaleDB is in the database.</summary>
    public const string HasTimescale = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')";

    // A number of ours, so that two who make the tables at once do it one after the other: CREATE … IF NOT EXISTS alone fails then.
    private const long Lock = 0x48504D_0001;

    /// <summary>The schema, as it stands in statements.</summary>
    public string Schema => _schema;

    /// <summary>Takes the lock that ends with the transaction.</summary>
    public static string TakeLock => string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({Lock})");

    /// <summary>Whether the tables are there.</summary>
    public string AreThere => $"SELECT to_regclass('{_schema}.history') IS NOT NULL";

    /// <summary>Whether the user may make them: in the schema when it is there, else the schema itself.</summary>
    public string MayBeMade => $"""
        SELECT CASE WHEN to_regnamespace('{_schema}') IS NULL THEN has_database_privilege(current_database(), 'CREATE') ELSE has_schema_privilege('{name}', 'CREATE') END
        """;

    /// <summary>Whether the schema is there. IF NOT EXISTS would ask for a right that a user of a schema made for it need not have.</summary>
    public string SchemaIsThere => $"SELECT to_regnamespace('{_schema}') IS NOT NULL";

    /// <summary>Makes the schema.</summary>
    public string CreateSchema => $"CREATE SCHEMA {_schema}";

    /// <summary>Makes everything in the schema but the partitions.</summary>
    /// <param name="withTimescale">Whether TimescaleDB cuts the tables; it wants plain ones to begin with.</param>
    public IEnumerable<string> Create(bool withTimescale)
    {
        var partitions = withTimescale ? "" : " PARTITION BY RANGE (time)";
        yield return $"""
            CREATE TABLE IF NOT EXISTS {_schema}.heat_pumps (
              id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              key text NOT NULL UNIQUE, name text NOT NULL, location text, manufacturer text NOT NULL, model text NOT NULL)
            """;
        yield return $"""
            CREATE TABLE IF NOT EXISTS {_schema}.sensors (
              id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              heat_pump integer NOT NULL REFERENCES {_schema}.heat_pumps, key text NOT NULL, label text, category text, unit text,
              UNIQUE (heat_pump, key))
            """;
        yield return $"""
            CREATE TABLE IF NOT EXISTS {_schema}.readings (
              sensor integer NOT NULL, time timestamptz NOT NULL, value double precision NOT NULL, PRIMARY KEY (sensor, time)){partitions}
            """;
        yield return $"""
            CREATE TABLE IF NOT EXISTS {_schema}.polls (
              heat_pump integer NOT NULL, time timestamptz NOT NULL, readings integer NOT NULL, PRIMARY KEY (heat_pump, time)){partitions}
            """;
        if (withTimescale)
        {
            foreach (var statement in Hypertable("readings", "sensor").Concat(Hypertable("polls", "heat_pump"))) yield return statement;
        }

        yield return $"""
            CREATE OR REPLACE VIEW {_schema}.history AS
              SELECT r.time, p.key AS heat_pump, p.name, s.key AS sensor, s.label, s.unit, r.value
              FROM {_schema}.readings r JOIN {_schema}.sensors s ON s.id = r.sensor JOIN {_schema}.heat_pumps p ON p.id = s.heat_pump
            """;
    }

    /// <summary>Whether the tables are cut by month by ourselves.</summary>
    public string ArePartitioned => $"SELECT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = '{_schema}.readings'::regclass)";

    /// <summary>Makes the partitions of a month.</summary>
    /// <param name="month">Its first day, UTC.</param>
    public IEnumerable<string> Month(DateOnly month)
    {
        var (from, to) = (Day(month), Day(month.AddMonths(1)));
        var ending = month.ToString("yyyy'_'MM", CultureInfo.InvariantCulture);
        foreach (var table in (string[])["readings", "polls"])
            yield return $"CREATE TABLE IF NOT EXISTS {_schema}.{table}_{ending} PARTITION OF {_schema}.{table} FOR VALUES FROM ('{from}') TO ('{to}')";
    }

    private IEnumerable<string> Hypertable(string table, string segment)
    {
        yield return $"SELECT create_hypertable('{_schema}.{table}', 'time', chunk_time_interval => INTERVAL '7 days', if_not_exists => TRUE)";
        yield return $"ALTER TABLE {_schema}.{table} SET (timescaledb.compress, timescaledb.compress_segmentby = '{segment}', timescaledb.compress_orderby = 'time')";
        yield return $"SELECT add_compression_policy('{_schema}.{table}', INTERVAL '14 days', if_not_exists => TRUE)";
    }

    private static string Day(DateOnly day) => day.ToString("yyyy'-'MM'-'dd' 00:00:00+00'", CultureInfo.InvariantCulture);
}
