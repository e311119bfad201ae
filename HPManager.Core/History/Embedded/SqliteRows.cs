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

    /// <summary>All of it or nothing, durable behind it.</summary>
    public static void InTransaction(this SqliteConnection connection, Action work) => connection.Within("BEGIN IMMEDIATE", () =>
    {
        work();
        return true;
    });

    /// <summary>Reads what there is at one moment.</summary>
    public static T InSnapshot<T>(this SqliteConnection connection, Func<T> work) => connection.Within("BEGIN", work);

    // By statements: when a disk is full SQLite rolls back by itself, and the provider's own transactions would then fail with "cannot rollback", once more at
    // each attempt to close the connection.
    private static T Within<T>(this SqliteConnection connection, string begin, Func<T> work)
    {
        connection.Run(begin);
        try
        {
            var done = work();
            connection.Run("COMMIT");
            return done;
        }
        catch
        {
            TryRollBack(connection);
            throw;
        }
    }

    private static void TryRollBack(SqliteConnection connection)
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) connection.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // What made it fail is thrown on; closing the connection rolls back as well.
        }
    }

    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++) command.Parameters.AddWithValue("$" + index, values[index]);
        return command;
    }
}
