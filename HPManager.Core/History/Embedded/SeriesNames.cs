using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Numbers of heat pumps, sensors and layouts, as the file has them. Finding is thread-safe; new ones are given by the writer, within its transaction, and read again
/// from the file when that fails: a number given in a transaction that failed does not exist.
/// </summary>
internal sealed class SeriesNames
{
    private readonly ConcurrentDictionary<HeatPumpId, long> _pumps = new();
    private readonly ConcurrentDictionary<long, HeatPumpId> _pumpIds = new();
    private readonly ConcurrentDictionary<(long Pump, SensorKey Sensor), long> _series = new();
    private readonly ConcurrentDictionary<long, SensorKey> _sensors = new();
    private readonly ConcurrentDictionary<long, Layout> _layouts = new();
    private readonly ConditionalWeakTable<SensorSet, ConcurrentDictionary<long, Layout>> _layoutsOfSets = [];

    public void Load(SqliteConnection connection)
    {
        _pumps.Clear();
        _pumpIds.Clear();
        _series.Clear();
        _sensors.Clear();
        _layouts.Clear();
        _layoutsOfSets.Clear();
        foreach (var (id, name, check) in connection.Rows("SELECT id, heatpump_id, \"check\" FROM pumps", row => (row.GetInt64(0), row.GetString(1), row.GetInt64(2))))
            Know(id, HeatPumpId.Parse(Checked(name, check == CheckOf(id, name))));
        foreach (var (id, pump, sensor, check) in connection.Rows(
            "SELECT id, pump, sensor, \"check\" FROM series", row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3))))
        {
            Know(id, pump, SensorKey.Parse(Checked(sensor, check == CheckOf(id, pump, sensor))));
        }

        foreach (var (id, pump, series) in connection.Rows("SELECT id, pump, series FROM layouts", row => (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))))
            _layouts[id] = new Layout(id, pump, ReadSeries(pump, series));
    }

    public long? FindPump(HeatPumpId heatPump) => _pumps.TryGetValue(heatPump, out var pump) ? pump : null;

    public HeatPumpId PumpOf(long pump) => _pumpIds[pump];

    public IReadOnlyCollection<long> Pumps => [.. _pumpIds.Keys];

    public long? FindSeries(long pump, SensorKey sensor) => _series.TryGetValue((pump, sensor), out var series) ? series : null;

    public SensorKey SensorOf(long series) => _sensors[series];

    public Layout? FindLayout(long layout) => _layouts.GetValueOrDefault(layout);

    public long PumpOf(SqliteConnection connection, HeatPumpId heatPump)
    {
        if (_pumps.TryGetValue(heatPump, out var known)) return known;
        var id = NextId(connection, "pumps");
        AddPump(connection, id, heatPump.Value);
        Know(id, heatPump);
        return id;
    }

    public long SeriesOf(SqliteConnection connection, long pump, SensorKey sensor)
    {
        if (_series.TryGetValue((pump, sensor), out var known)) return known;
        var id = NextId(connection, "series");
        AddSeries(connection, id, pump, sensor.Value);
        Know(id, pump, sensor);
        return id;
    }

    public Layout LayoutOf(SqliteConnection connection, long pump, SensorSet sensors)
    {
        var own = _layoutsOfSets.GetOrCreateValue(sensors);
        if (own.TryGetValue(pump, out var known)) return known;
        var series = sensors.All.Select(sensor => SeriesOf(connection, pump, sensor.Key)).ToArray();
        var layout = _layouts.Values.FirstOrDefault(layout => layout.Pump == pump && layout.Series.SequenceEqual(series));
        if (layout is null)
        {
            var id = connection.Insert("INSERT INTO layouts (pump, series) VALUES ($0, $1)", pump, WriteSeries(pump, series));
            _layouts[id] = layout = new Layout(id, pump, series);
        }

        return own[pump] = layout;
    }

    /// <summary>Gives a heat pump a number, unless one of the two is taken.</summary>
    public static void AddPump(SqliteConnection connection, long id, string heatPump) =>
        connection.Run("INSERT OR IGNORE INTO pumps (id, heatpump_id, \"check\") VALUES ($0, $1, $2)", id, heatPump, CheckOf(id, heatPump));

    /// <summary>Gives a sensor a number, unless one of the two is taken.</summary>
    public static void AddSeries(SqliteConnection connection, long id, long pump, string sensor) =>
        connection.Run("INSERT OR IGNORE INTO series (id, pump, sensor, \"check\") VALUES ($0, $1, $2, $3)", id, pump, sensor, CheckOf(id, pump, sensor));

    /// <summary>Whether a layout's series are what was written.</summary>
    public static bool IsLayout(long pump, byte[] series)
    {
        try
        {
            ReadSeries(pump, series);
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    public static long CheckOf(long id, string heatPump) => Checksum.Of(id, heatPump);

    public static long CheckOf(long id, long pump, string sensor) => Checksum.Of((id << 24) ^ pump, sensor);

    private static long NextId(SqliteConnection connection, string table) => connection.Rows($"SELECT coalesce(max(id), 0) + 1 FROM {table}", row => row.GetInt64(0))[0];

    private static string Checked(string name, bool isRight) => isRight ? name : throw Damaged();

    private static SqliteException Damaged() => new("a name's checksum is wrong", SqliteDamage.Corrupt);

    private void Know(long id, HeatPumpId heatPump) => (_pumps[heatPump], _pumpIds[id]) = (id, heatPump);

    private void Know(long id, long pump, SensorKey sensor) => (_series[(pump, sensor)], _sensors[id]) = (id, sensor);

    private static byte[] WriteSeries(long pump, long[] series)
    {
        var bytes = new ByteWriter();
        bytes.Number((ulong)series.Length);
        foreach (var one in series) bytes.Number((ulong)one);
        bytes.UInt32(Checksum.Of(bytes.Written) ^ Checksum.Of(pump));
        return bytes.Written.ToArray();
    }

    private static long[] ReadSeries(long pump, byte[] bytes)
    {
        try
        {
            var input = new ByteReader(Checksum.Checked(bytes, Checksum.Of(pump)));
            var series = new long[input.Count(bytes.Length)];
            foreach (ref var one in series.AsSpan()) one = (long)input.Number();
            return series;
        }
        catch (DamagedBlockException)
        {
            throw Damaged();
        }
    }
}
