using HPManager.Core.HeatPumps;
using HPManager.Core.History.Engines;
using Npgsql;

namespace HPManager.Core.History.PostgreSql;

/// <summary>A PostgreSQL.</summary>
internal sealed class PostgreSqlEngine : IHistoryEngine
{
    private const string Product = "PostgreSQL";

    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlWriter _writer;
    private readonly TimeProvider _time;

    public PostgreSqlEngine(Settings settings, TimeProvider time)
    {
        _database = new PostgreSqlDatabase(settings);
        _writer = new PostgreSqlWriter(_database.Tables);
        _time = time;
    }

    public ValueTask<string> TestAsync(CancellationToken cancellationToken) => EngineCall.WithinAsync(
        EngineCall.TestLimit, Product, _time, limited => _database.UseAsync(connection => TestedAsync(connection, limited), limited), cancellationToken);

    public ValueTask<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken) => EngineCall.WithinAsync(
        EngineCall.WriteLimit, Product, _time, limited => _database.UseAsync(connection => WrittenAsync(connection, batch, limited), limited), cancellationToken);

    public ValueTask<HistoryTable> QueryAsync(HistoryQuery query, CancellationToken cancellationToken) => EngineCall.WithinAsync(
        EngineCall.QueryLimit, Product, _time, limited => _database.UseAsync(connection => ReadAsync(connection, query, limited), limited), cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<string> TestedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var timescale = await connection.RowsAsync(
            "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'", [], row => row.GetString(0), cancellationToken);
        var name = $"PostgreSQL {connection.PostgreSqlVersion}" + (timescale.Count > 0 ? $" with TimescaleDB {timescale[0]}" : "");
        if (await connection.ScalarAsync<bool>(_database.Tables.AreThere, [], cancellationToken)) return name;

        // Nothing is made by asking; but that it could not be made is told now and not with the first write.
        if (await connection.ScalarAsync<bool>(_database.Tables.MayBeMade, [], cancellationToken)) return $"{name}; the tables will be made with the first write";
        throw new EngineException(EngineFault.AccessDenied, $"The user may not make tables in the schema {_database.Tables.Schema} of this database.");
    }

    private async Task<EngineReceipt> WrittenAsync(NpgsqlConnection connection, EngineBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await _writer.WriteAsync(connection, batch, cancellationToken);
        }
        catch (PostgresException fault) when (PostgreSqlFaults.IsMissingTable(fault))
        {
            // They were dropped behind our back; the next write makes them.
            _writer.Forget();
            throw;
        }
    }

    // Before the first write there is nothing, which is an answer.
    private async Task<HistoryTable> ReadAsync(NpgsqlConnection connection, HistoryQuery query, CancellationToken cancellationToken)
    {
        var isThere = await connection.ScalarAsync<bool>(_database.Tables.AreThere, [], cancellationToken);
        return isThere
            ? await new PostgreSqlReader(connection, _database.Tables).ReadAsync(query, cancellationToken)
            : new HistoryTable([], [.. query.Sensors.Select(_ => HistoryColumn.OfGaps(0))], TimeSpan.Zero);
    }
}
