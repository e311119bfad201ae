using System.Globalization;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Import.HomeAssistant;

/// <summary>
/// The database of Home Assistant's recorder, opened to be read only. Its form has changed over the years: names and times of states stand in the row (as text,
/// later as a number), later names stand in a table of their own. Used by one caller at a time.
/// </summary>
internal sealed class RecorderDatabase : IDisposable
{
    private const string ByMetadata = "s.metadata_id = (SELECT metadata_id FROM states_meta WHERE entity_id = $0)";
    private const string TextTime = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private readonly SqliteConnection _connection;
    private readonly HashSet<string> _states;

    private RecorderDatabase(SqliteConnection connection)
    {
        _connection = connection;
        _states = Columns("states");
        if (!_states.Contains("state") || !(_states.Contains("last_updated_ts") || _states.Contains("last_updated")))
            throw new ImportException("This database has no states as Home Assistant keeps them.");
        HasNumericTimes = _states.Contains("last_updated_ts");
        HasMetadata = _states.Contains("metadata_id") && Columns("states_meta").Contains("entity_id");
        Time = HasNumericTimes ? "s.last_updated_ts" : "s.last_updated";

        // While Home Assistant moves names into their table, some rows still have their own. Without such the index is enough.
        var isMoving = HasMetadata && _states.Contains("entity_id") && Rows("SELECT 1 FROM states WHERE metadata_id IS NULL AND entity_id IS NOT NULL LIMIT 1", _ => true).Any();
        Entity = isMoving ? "coalesce(m.entity_id, s.entity_id)" : HasMetadata ? "m.entity_id" : "s.entity_id";
        Is = (isMoving, HasMetadata) switch
        {
            (true, _) => $"({ByMetadata} OR s.entity_id = $0)",
            (false, true) => ByMetadata,
            _ => "s.entity_id = $0",
        };
        From = HasMetadata ? "states s LEFT JOIN states_meta m ON m.metadata_id = s.metadata_id" : "states s";
    }

    /// <summary>Whether times of states are numbers.</summary>
    public bool HasNumericTimes { get; }

    /// <summary>Whether names of entities stand in a table of their own.</summary>
    public bool HasMetadata { get; }

    /// <summary>Column of the time.</summary>
    public string Time { get; }

    /// <summary>Expression for the entity's name.</summary>
    public string Entity { get; }

    /// <summary>Condition for the states of the entity in <c>$0</c>.</summary>
    public string Is { get; }

    /// <summary>States and what is needed for their names.</summary>
    public string From { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="ImportException">It is none, or damaged.</exception>
    public static RecorderDatabase Open(string file)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.OpenToLook(file);
            SqliteFile.Execute(connection, "PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF;");
            return new RecorderDatabase(connection);
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw Wrapped(fault);
        }
    }

    /// <summary>What a fault of SQLite means to the owner.</summary>
    public static ImportException Wrapped(Exception fault) => fault switch
    {
        ImportException known => known,
        SqliteException { SqliteErrorCode: 26 } => new ImportException("This is no SQLite database, or a damaged one.", fault),
        SqliteException { SqliteErrorCode: 11 } => new ImportException($"The database is damaged: {fault.Message}", fault),
        _ => new ImportException($"The database cannot be read: {fault.Message}", fault),
    };

    /// <summary>Names of a table's columns; empty when there is no such table.</summary>
    public HashSet<string> Columns(string table) => [.. Rows($"SELECT name FROM pragma_table_info('{table}')", row => row.GetString(0))];

    /// <summary>Rows of an answer, one by one.</summary>
    public IEnumerable<T> Rows<T>(string sql, Func<SqliteDataReader, T> map, params object[] values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < values.Length; index++) command.Parameters.AddWithValue("$" + index.ToString(CultureInfo.InvariantCulture), values[index]);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return map(reader);
    }

    /// <summary>A moment as states have it, in Unix milliseconds; null when it is none.</summary>
    public static long? MomentOf(object value) => value switch
    {
        double seconds when double.IsFinite(seconds) && Math.Abs(seconds) < 1e11 => (long)Math.Round(seconds * 1000),
        long seconds when Math.Abs(seconds) < 100_000_000_000 => seconds * 1000,
        string text when DateTime.TryParseExact(
            text.Length > 19 && text.EndsWith("+00:00", StringComparison.Ordinal) ? text[..^6] : text,
            TextTime,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time) => new DateTimeOffset(time).ToUnixTimeMilliseconds(),
        _ => null,
    };

    /// <summary>A moment as states have it, for comparing.</summary>
    public object TimeValue(long moment) => TimeValue(moment, HasNumericTimes);

    /// <summary>A moment for comparing with a column of numbers, or of texts.</summary>
    public static object TimeValue(long moment, bool isNumeric) => isNumeric
        ? moment / 1000.0
        : DateTimeOffset.FromUnixTimeMilliseconds(moment).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
