using HPManager.Core.History.PostgreSql;

namespace HPManager.Tests.Core.History.Engines;

/// <summary>TimescaleDB is not to be had here: what it would be told is checked by its text.</summary>
public sealed class PostgreSqlTablesTests
{
    private readonly PostgreSqlTables _tables = new("house");

    [Fact]
    public void Create_WithTimescale_MakesHypertablesWithCompressionOfPlainTables()
    {
        var statements = _tables.Create(withTimescale: true).ToList();

        Assert.DoesNotContain(statements, statement => statement.Contains("PARTITION", StringComparison.Ordinal));
        foreach (var (table, segment) in (List<(string, string)>)[("readings", "sensor"), ("polls", "heat_pump")])
        {
            Assert.Contains($"SELECT create_hypertable('\"house\".{table}', 'time', chunk_time_interval => INTERVAL '7 days', if_not_exists => TRUE)", statements);
            Assert.Contains(
                $"ALTER TABLE \"house\".{table} SET (timescaledb.compress, timescaledb.compress_segmentby = '{segment}', timescaledb.compress_orderby = 'time')", statements);
            Assert.Contains($"SELECT add_compression_policy('\"house\".{table}', INTERVAL '14 days', if_not_exists => TRUE)", statements);
        }
    }

    [Fact]
    public void Create_WithoutTimescale_MakesTablesThatAreCutByTime()
    {
        var statements = _tables.Create(withTimescale: false).ToList();

        Assert.DoesNotContain(statements, statement => statement.Contains("timescaledb", StringComparison.Ordinal) || statement.Contains("hypertable", StringComparison.Ordinal));
        Assert.Equal(2, statements.Count(statement => statement.Contains("PARTITION BY RANGE (time)", StringComparison.Ordinal)));
    }

    [Fact]
    public void Month_December_EndsWithTheNextYear() => Assert.Equal(
        [
            "CREATE TABLE IF NOT EXISTS \"house\".readings_2025_12 PARTITION OF \"house\".readings FOR VALUES FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')",
            "CREATE TABLE IF NOT EXISTS \"house\".polls_2025_12 PARTITION OF \"house\".polls FOR VALUES FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')",
        ],
        _tables.Month(new DateOnly(2025, 12, 1)));
}
