using HPManager.Core.History.Engines;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Up to which place engines have the polls of each heat pump. A heat pump without a row has not begun; the row of heat pump 0 tells that the engine is known.
/// </summary>
internal sealed class OutboxTable(SqliteConnection connection, SeriesNames names)
{
    private const long Known = 0;

    public void Open(string engine, bool withPast)
    {
        if (connection.Rows("SELECT 1 FROM outbox WHERE engine = $0 LIMIT 1", _ => true, engine).Count > 0) return;
        connection.InTransaction(() =>
        {
            Put(engine, Known, 0);
            foreach (var pump in withPast ? [] : names.Pumps) Put(engine, pump, LastPlace(connection, pump));
        });
    }

    public void Acknowledge(string engine, OutboxBatch batch)
    {
        if (names.FindPump(batch.Polls.HeatPumpId) is { } pump) Put(engine, pump, batch.Upto);
    }

    public void Forget(string engine) => connection.Run("DELETE FROM outbox WHERE engine = $0", engine);

    /// <summary>The last place that a heat pump's polls have reached.</summary>
    public static long LastPlace(SqliteConnection connection, long pump) => connection.Rows(
        """
        SELECT max(place) FROM (
          SELECT coalesce(max(last_place), 0) AS place FROM segments WHERE pump = $0
          UNION ALL SELECT coalesce(max(place), 0) FROM head WHERE pump = $0)
        """,
        row => row.GetInt64(0),
        pump)[0];

    private void Put(string engine, long pump, long place) =>
        connection.Run("INSERT OR REPLACE INTO outbox (engine, pump, place) VALUES ($0, $1, $2)", engine, pump, place);
}
