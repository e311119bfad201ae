using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;
using HPManager.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Takes over a file of format 1, which had a row per reading, into one of this format beside it; the former stays under another name. Interrupted, it begins again.
/// </summary>
internal static class FormatOne
{
    public const int Format = 1;

    private const int PollsTogether = 4_096;
    private const byte Implausible = ((int)Quality.Implausible + 1) | ReadingState.HasValue;

    public static void TakeOver(string file, TimeProvider time)
    {
        var beside = file + ".new";
        foreach (var suffix in (string[])["", "-wal", "-shm"]) File.Delete(beside + suffix);
        var database = new HistoryDatabase(beside, time);
        database.Create();
        using (var from = SqliteFile.Open(file, SqliteOpenMode.ReadWrite))
        using (var to = database.OpenForWriting())
        {
            var names = new SeriesNames();
            names.Load(to);
            var sealing = new Sealing(to, new SegmentTable(to, names, new DamageList(NullLogger.Instance)));
            to.InTransaction(() =>
            {
                foreach (var heatPump in from.Rows("SELECT DISTINCT heatpump_id FROM polls", row => HeatPumpId.Parse(row.GetString(0)))) TakeOver(from, to, names, sealing, heatPump);
            });
        }

        File.Move(file, $"{file}.format-{Format}", overwrite: true);
        File.Move(beside, file);
    }

    private static void TakeOver(SqliteConnection from, SqliteConnection to, SeriesNames names, Sealing sealing, HeatPumpId heatPump)
    {
        var pump = names.PumpOf(to, heatPump);
        var series = from.Rows("SELECT id, sensor FROM series WHERE heatpump_id = $0", row => (Old: row.GetInt64(0), Sensor: SensorKey.Parse(row.GetString(1))), heatPump.Value);
        var (next, place) = (long.MinValue, 0L);
        while (true)
        {
            var times = from.Rows(
                $"SELECT at FROM polls WHERE heatpump_id = $0 AND at >= $1 ORDER BY at LIMIT {PollsTogether}", row => row.GetInt64(0), heatPump.Value, next).ToArray();
            if (times.Length == 0) return;
            next = times[^1] + 1;
            var columns = series.ConvertAll(one => ColumnOf(from, one.Old, names.SeriesOf(to, one.Sensor), times));
            sealing.Seal(pump, new PollColumns(times, Array.ConvertAll(times, _ => ++place), columns));
        }
    }

    // A reading without a value had no row; that the sensor was part of the poll is not known any more.
    private static SeriesColumn ColumnOf(SqliteConnection from, long old, long series, long[] times)
    {
        var (values, states) = (new double[times.Length], new byte[times.Length]);
        foreach (var (at, value, isImplausible) in from.Rows(
            "SELECT at, value, implausible FROM points WHERE series_id = $0 AND at BETWEEN $1 AND $2",
            row => (row.GetInt64(0), row.GetDouble(1), row.GetBoolean(2)),
            old,
            times[0],
            times[^1]))
        {
            var poll = Array.BinarySearch(times, at);
            if (poll < 0) continue;
            (values[poll], states[poll]) = (value, isImplausible ? Implausible : ReadingState.Good);
        }

        return new SeriesColumn(series, values, states, null);
    }
}
