using Npgsql;

namespace HPManager.Core.History.PostgreSql;

/// <summary>Statements in one line.</summary>
internal static class Sql
{
    /// <summary>Runs a statement with values <c>$1</c>, <c>$2</c> ….</summary>
    public static async Task<int> RunAsync(this NpgsqlConnection connection, string sql, IEnumerable<object?> values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(this NpgsqlConnection connection, string sql, IEnumerable<object?> values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>All rows.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlConnection connection, string sql, IEnumerable<object?> values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(map(reader));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IEnumerable<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
