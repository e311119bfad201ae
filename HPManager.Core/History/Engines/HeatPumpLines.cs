using System.Text;

namespace HPManager.Core.History.Engines;

/// <summary>Writes a batch as lines, some polls at a time. A sensor that tells texts has no lines: its readings have no value.</summary>
internal sealed class HeatPumpLines
{
    // What servers are happy with: bodies of a few thousand lines, and far below the 25 MB that the smallest takes.
    private const int MostLines = 5_000;
    private const int MostBytes = 1024 * 1024;

    private readonly EngineBatch _batch;
    private readonly EngineReadings _readings;
    private readonly LineLayout _layout;
    private readonly byte[] _mark;
    private readonly byte[] _poll;
    private readonly byte[][] _sensors;

    public HeatPumpLines(EngineBatch batch, EngineReadings readings, LineLayout layout)
    {
        _batch = batch;
        _readings = readings;
        _layout = layout;
        var pump = batch.HeatPump;
        _mark = Utf8(LineProtocol.Series(PollMarks.Measurement, (LineNames.HeatPump, pump.Id.Value)) + $" {PollMarks.Field}=");
        _poll = Utf8(LineProtocol.Series(
            LineNames.Metrics, (LineNames.HeatPump, pump.Id.Value), ("name", pump.Name), ("location", pump.Location), ("model", pump.Model)) + " ");
        _sensors = [.. batch.Polls.Series.Select(series => Utf8(layout == LineLayout.Metrics ? $"{LineProtocol.Name(series.Sensor.Value)}=" : Register(series)))];
    }

    /// <summary>The sensor whose field this is; null when it is none of the batch's.</summary>
    public int? SeriesOf(string field)
    {
        if (_layout != LineLayout.Metrics) return null;
        for (var series = 0; series < _batch.Polls.Series.Count; series++)
        {
            if (_batch.Polls.Series[series].Sensor.Value == field) return series;
        }

        return null;
    }

    /// <summary>Writes polls into an empty buffer until it is full.</summary>
    /// <param name="buffer">Cleared and filled.</param>
    /// <param name="from">Position of the first poll.</param>
    /// <param name="except">Sensors that are left out.</param>
    /// <returns>Position of the poll behind the last written.</returns>
    public int Write(LineBuffer buffer, int from, IReadOnlySet<int> except)
    {
        buffer.Clear();
        var poll = from;
        for (; poll < _batch.Polls.Times.Count && buffer.Count < MostLines && buffer.Size < MostBytes; poll++)
        {
            if (!_readings.IsKept(poll)) continue;
            var moment = _batch.Polls.Times[poll].ToUnixTimeMilliseconds();
            if (_layout == LineLayout.Metrics) WritePoll(buffer, poll, moment, except);
            else WriteRegisters(buffer, poll, moment, except);
            if (!_readings.HasMark(poll)) continue;
            buffer.Write(_mark);
            buffer.Write(_readings.CountOf(poll));
            End(buffer, moment, new LineOrigin(poll, null));
        }

        return poll;
    }

    private void WritePoll(LineBuffer buffer, int poll, long moment, IReadOnlySet<int> except)
    {
        var isFirst = true;
        for (var series = 0; series < _sensors.Length; series++)
        {
            if (_readings.Value(series, poll) is not { } value || except.Contains(series)) continue;
            buffer.Write(isFirst ? _poll : ","u8);
            buffer.Write(_sensors[series]);
            buffer.Write(value);
            isFirst = false;
        }

        if (!isFirst) End(buffer, moment, new LineOrigin(poll, null));
    }

    private void WriteRegisters(LineBuffer buffer, int poll, long moment, IReadOnlySet<int> except)
    {
        for (var series = 0; series < _sensors.Length; series++)
        {
            if (_readings.Value(series, poll) is not { } value || except.Contains(series)) continue;
            buffer.Write(_sensors[series]);
            buffer.Write(value);
            End(buffer, moment, new LineOrigin(poll, series));
        }
    }

    private static void End(LineBuffer buffer, long moment, LineOrigin origin)
    {
        buffer.Write(" "u8);
        buffer.Write(moment);
        buffer.End(origin);
    }

    private string Register(HistorySeries series)
    {
        _ = _batch.HeatPump.Sensors.TryGet(series.Sensor, out var known);
        var line = LineProtocol.Series(
            LineNames.Registers,
            (LineNames.HeatPump, _batch.HeatPump.Id.Value),
            (LineNames.Register, series.Sensor.Value),
            ("name", known?.Label),
            ("type", known is null ? null : Text.SnakeCase.FromPascalCase(known.Category.ToString())),
            ("unit", known?.Unit.Symbol));
        return $"{line} {LineNames.Value}=";
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
