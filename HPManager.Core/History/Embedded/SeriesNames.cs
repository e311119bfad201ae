using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Embedded.Coding;
using HPManager.Core.Sensors;
using Microsoft.Data.Sqlite;

namespace HPManager.Core.History.Embedded;

/// <summary>
/// Numbers of heat pumps, sensors and layouts, as the file has them. A sensor has one number, whichever heat pumps have it: that of its series in each. Finding is thread-safe; new
/// numbers are given by the writer, within its transaction, and read again from the file when that fails: a number given in a transaction that failed does not exist.
/// </summary>
internal sealed class SeriesNames
{
    private readonly ConcurrentDictionary<HeatPumpId, long> _pumps = new();
    private readonly ConcurrentDictionary<long, HeatPumpId> _pumpIds = new();
    private readonly ConcurrentDictionary<SensorKey, long> _series = new();
    private readonly ConcurrentDictionary<long, SensorKey> _sensors = new();
    private readonly ConcurrentDictionary<long, Layout> _layouts = new();
    private readonly ConditionalWeakTable<SensorSet, Layout> _layoutsOfSets = [];

    public void Load(SqliteConnection connection)
    {
        _pumps.Clear();
        _pumpIds.Clear();
        _series.Clear();
        _sensors.Clear();
        _layouts.Clear();
        _layoutsOfSets.Clear();
        foreach (var (id, name) in Names(connection, "pumps")) Know(id, HeatPumpId.Parse(name));
        foreach (var (id, name) in Names(connection, "sensors")) Know(id, SensorKey.Parse(name));
        foreach (var (id, series) in connection.Rows("SELECT id, series FROM layouts", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
            _layouts[id] = new Layout(id, ReadSeries(series));
    }

    public long? FindPump(HeatPumpId heatPump) => _pumps.TryGetValue(heatPump, out var pump) ? pump : null;

    /// <summary>The heat pump of a number; null for one that has none.</summary>
    public HeatPumpId? Find(long pump) => _pumpIds.TryGetValue(pump, out var heatPump) ? heatPump : null;

    /// <summary>The heat pump that a segment or poll is of.</summary>
    /// <exception cref="SqliteException">Its name is lost.</exception>
    public HeatPumpId PumpOf(long pump) => Find(pump) ?? throw Damaged();

    public IReadOnlyCollection<long> Pumps => [.. _pumpIds.Keys];

    public long? FindSeries(SensorKey sensor) => _series.TryGetValue(sensor, out var series) ? series : null;

    /// <summary>The sensor that a series is of.</summary>
    /// <exception cref="SqliteException">Its name is lost.</exception>
    public SensorKey SensorOf(long series) => _sensors.TryGetValue(series, out var sensor) ? sensor : throw Damaged();

    /// <summary>A layout whose sensors are all known, of a heat pump that is; else null.</summary>
    public Layout? FindLayout(long pump, long layout) =>
        _pumpIds.ContainsKey(pump) && _layouts.TryGetValue(layout, out var found) && found.Series.All(_sensors.ContainsKey) ? found : null;

    public long PumpOf(SqliteConnection connection, HeatPumpId heatPump)
    {
        if (_pumps.TryGetValue(heatPump, out var known)) return known;
        var id = NextId(connection, "pumps");
        Add(connection, "pumps", id, heatPump.Value);
        Know(id, heatPump);
        return id;
    }

    public long SeriesOf(SqliteConnection connection, SensorKey sensor)
    {
        if (_series.TryGetValue(sensor, out var known)) return known;
        var id = NextId(connection, "sensors");
        Add(connection, "sensors", id, sensor.Value);
        Know(id, sensor);
        return id;
    }

    public Layout LayoutOf(SqliteConnection connection, SensorSet sensors)
    {
        if (_layoutsOfSets.TryGetValue(sensors, out var known)) return known;
        var series = sensors.All.Select(sensor => SeriesOf(connection, sensor.Key)).ToArray();
        var layout = _layouts.Values.FirstOrDefault(layout => layout.Series.SequenceEqual(series));
        if (layout is null)
        {
            var id = connection.Insert("INSERT INTO layouts (series) VALUES ($0)", WriteSeries(series));
            _layouts[id] = layout = new Layout(id, series);
        }

        _layoutsOfSets.AddOrUpdate(sensors, layout);
        return layout;
    }

    /// <summary>Gives a heat pump (<c>pumps</c>) or a sensor (<c>sensors</c>) a number, unless one of the two is taken.</summary>
    public static void Add(SqliteConnection connection, string table, long id, string name) => connection.Run(
        $"INSERT INTO {table} (id, name, \"check\") SELECT $0, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE id = $0 OR name = $1)", id, name, CheckOf(id, name));

    /// <summary>Whether a layout's series are what was written.</summary>
    public static bool IsLayout(byte[] series)
    {
        try
        {
            ReadSeries(series);
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    public static long CheckOf(long id, string name) => Checksum.Of(id, name);

    private static List<(long Id, string Name)> Names(SqliteConnection connection, string table) => connection.Rows(
        $"SELECT id, name, \"check\" FROM {table}",
        row => row.GetInt64(2) == CheckOf(row.GetInt64(0), row.GetString(1)) ? (row.GetInt64(0), row.GetString(1)) : throw Damaged());

    private static long NextId(SqliteConnection connection, string table) => connection.Rows($"SELECT coalesce(max(id), 0) + 1 FROM {table}", row => row.GetInt64(0))[0];

    private static SqliteException Damaged() => new("a name is not what was written, or lost", SqliteDamage.Corrupt);

    private void Know(long id, HeatPumpId heatPump) => (_pumps[heatPump], _pumpIds[id]) = (id, heatPump);

    private void Know(long id, SensorKey sensor) => (_series[sensor], _sensors[id]) = (id, sensor);

    private static byte[] WriteSeries(long[] series)
    {
        var bytes = new ByteWriter();
        bytes.Number((ulong)series.Length);
        foreach (var one in series) bytes.Number((ulong)one);
        bytes.UInt32(Checksum.Of(bytes.Written));
        return bytes.Written.ToArray();
    }

    private static long[] ReadSeries(byte[] bytes)
    {
        try
        {
            var input = new ByteReader(Checksum.Checked(bytes));
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
