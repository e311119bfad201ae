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
        foreach (var (id, name) in connection.Rows("SELECT id, heatpump_id FROM pumps", row => (row.GetInt64(0), row.GetString(1)))) Know(id, HeatPumpId.Parse(name));
        foreach (var (id, pump, sensor) in connection.Rows("SELECT id, pump, sensor FROM series", row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2))))
            Know(id, pump, SensorKey.Parse(sensor));
        foreach (var (id, pump, series) in connection.Rows("SELECT id, pump, series FROM layouts", row => (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))))
            _layouts[id] = new Layout(id, pump, ReadSeries(series));
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
        var id = connection.Insert("INSERT INTO pumps (heatpump_id) VALUES ($0)", heatPump.Value);
        Know(id, heatPump);
        return id;
    }

    public long SeriesOf(SqliteConnection connection, long pump, SensorKey sensor)
    {
        if (_series.TryGetValue((pump, sensor), out var known)) return known;
        var id = connection.Insert("INSERT INTO series (pump, sensor) VALUES ($0, $1)", pump, sensor.Value);
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
            var id = connection.Insert("INSERT INTO layouts (pump, series) VALUES ($0, $1)", pump, WriteSeries(series));
            _layouts[id] = layout = new Layout(id, pump, series);
        }

        return own[pump] = layout;
    }

    private void Know(long id, HeatPumpId heatPump) => (_pumps[heatPump], _pumpIds[id]) = (id, heatPump);

    private void Know(long id, long pump, SensorKey sensor) => (_series[(pump, sensor)], _sensors[id]) = (id, sensor);

    private static byte[] WriteSeries(long[] series)
    {
        var bytes = new ByteWriter();
        bytes.Number((ulong)series.Length);
        foreach (var one in series) bytes.Number((ulong)one);
        return bytes.Written.ToArray();
    }

    private static long[] ReadSeries(byte[] bytes)
    {
        var input = new ByteReader(bytes);
        var series = new long[input.Count(bytes.Length)];
        foreach (ref var one in series.AsSpan()) one = (long)input.Number();
        return series;
    }
}
