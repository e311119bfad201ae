using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>Statements with parameters <c>$0</c>, <c>$1</c> … in one line each.</summary>
internal static class SqliteRows
{
    /// <summary>The rows that a statement gives.</summary>
    /// <exception cref="SqliteException">The file cannot be read, or a row's columns are not of their types, which is damage.</exception>
    public static List<T> Rows<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        try
        {
            while (reader.Read()) rows.Add(map(reader));
        }
        catch (Exception fault) when (fault is InvalidOperationException or InvalidCastException or OverflowException)
        {
            // Such as no value where none was ever left out: a flipped bit.
            throw new SqliteException($"a row is not what was written ({fault.Message})", SqliteDamage.Corrupt);
        }

        return rows;
    }

    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Inserts a row.</summary>
    /// <returns>Its number.</returns>
    public static long Insert(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql + " RETURNING rowid", values);
        return (long)command.ExecuteScalar()!;
    }

    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++) command.Parameters.AddWithValue("$" + index, values[index]);
        return command;
    }
}
