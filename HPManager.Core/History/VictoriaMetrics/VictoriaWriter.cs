using System.Buffers;
using System.Text.Json;
using HPManager.Core.History.Engines;
using HPManager.Core.Sensors;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>
/// Sends a batch. VictoriaMetrics keeps what it is sent twice twice, so that where that may be, what is there is asked for first and left out.
/// </summary>
internal sealed class VictoriaWriter(VictoriaServer server, MetricNames names)
{
    private const int MostBytes = 1024 * 1024;
    private static readonly HashSet<int> NoExceptions = [];

    /// <summary>Sends it.</summary>
    public async Task<EngineReceipt> WriteAsync(EngineBatch batch, CancellationToken cancellationToken)
    {
        var refusals = new EngineRefusals(batch);
        var readings = new EngineReadings(batch, refusals);
        if (batch.MayBeThere) await new WhatIsThere(server, names, batch, readings, refusals).LeaveOutAsync(cancellationToken);
        if (names.Layout is { } layout) await WriteLinesAsync(batch, readings, layout, cancellationToken);
        else await WriteSeriesAsync(batch, readings, cancellationToken);
        return refusals.ToReceipt(readings.Count);
    }

    private async Task WriteLinesAsync(EngineBatch batch, EngineReadings readings, LineLayout layout, CancellationToken cancellationToken)
    {
        var lines = new HeatPumpLines(batch, readings, layout);
        var buffer = new LineBuffer();
        for (var poll = 0; poll < batch.Polls.Times.Count;)
        {
            poll = lines.Write(buffer, poll, NoExceptions);
            if (buffer.Count > 0) await server.WriteAsync(layout, buffer.Lines(0, buffer.Count), cancellationToken);
        }
    }

    private async Task WriteSeriesAsync(EngineBatch batch, EngineReadings readings, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var writer = new Utf8JsonWriter(buffer);
        for (var series = 0; series <= batch.Polls.Series.Count; series++)
        {
            var own = series;
            if (series < batch.Polls.Series.Count) Write(batch, batch.Polls.Series[series].Sensor, poll => readings.Value(own, poll), writer, buffer);
            else Write(batch, null, poll => readings.HasMark(poll) ? readings.CountOf(poll) : null, writer, buffer);
            if (buffer.WrittenCount < MostBytes && series < batch.Polls.Series.Count) continue;
            if (buffer.WrittenCount > 0) await server.WriteAsync(null, buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        }
    }

    private static void Write(EngineBatch batch, SensorKey? sensor, Func<int, double?> valueOf, Utf8JsonWriter json, ArrayBufferWriter<byte> buffer)
    {
        var points = Enumerable.Range(0, batch.Polls.Times.Count).Select(poll => (Poll: poll, Value: valueOf(poll))).Where(point => point.Value is not null).ToList();
        if (points.Count == 0) return;
        json.Reset();
        json.WriteStartObject();
        json.WriteStartObject("metric");
        foreach (var (name, value) in HeatPumpNames.Labels(batch.HeatPump, sensor)) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("values");
        foreach (var point in points) json.WriteNumberValue(point.Value!.Value);
        json.WriteEndArray();
        json.WriteStartArray("timestamps");
        foreach (var point in points) json.WriteNumberValue(batch.Polls.Times[point.Poll].ToUnixTimeMilliseconds());
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
    }

    /// <summary>Finds what of a batch is there already.</summary>
    private sealed class WhatIsThere(VictoriaServer server, MetricNames names, EngineBatch batch, EngineReadings readings, EngineRefusals refusals)
    {
        // Polls that are further apart are asked for on their own: one that came late would make the range as long as the time between.
        private const long Apart = 60 * 60 * 1000;

        // What VictoriaMetrics rounds away of a number is less.
        private const double SameWithin = 1e-9;

        private readonly Dictionary<long, int> _polls = batch.Polls.Times
            .Select((time, poll) => (Moment: time.ToUnixTimeMilliseconds(), poll))
            .Where(pair => EngineRange.CanKeep(pair.Moment))
            .ToDictionary(pair => pair.Moment, pair => pair.poll);

        private readonly Dictionary<string, int> _sensors = batch.Polls.Series.Select((series, index) => (series.Sensor.Value, index)).ToDictionary(pair => pair.Value, pair => pair.index);

        public async Task LeaveOutAsync(CancellationToken cancellationToken)
        {
            await server.FlushAsync(cancellationToken);
            var sensors = names.Select(batch.HeatPump.Id, batch.Polls.Series.Select(series => series.Sensor));
            foreach (var range in Ranges())
            {
                await server.ExportAsync(names.SelectMarks(batch.HeatPump.Id), range, (_, times, _) => LeaveMarksOut(times), cancellationToken);
                if (_sensors.Count > 0) await server.ExportAsync(sensors, range, LeaveOut, cancellationToken);
            }
        }

        private IEnumerable<EngineRange> Ranges()
        {
            var moments = _polls.Keys.Order().ToList();
            for (var first = 0; first < moments.Count;)
            {
                var last = first;
                while (last + 1 < moments.Count && moments[last + 1] - moments[last] <= Apart) last++;
                yield return EngineRange.Of(moments[first], moments[last] + 1);
                first = last + 1;
            }
        }

        private void LeaveMarksOut(JsonElement times)
        {
            foreach (var time in times.EnumerateArray())
            {
                if (_polls.TryGetValue(time.GetInt64(), out var poll)) readings.LeaveOut(null, poll);
            }
        }

        private void LeaveOut(JsonElement labels, JsonElement times, JsonElement values)
        {
            if (names.SensorOf(labels) is not { } key || !_sensors.TryGetValue(key, out var series)) return;
            foreach (var (time, kept) in times.EnumerateArray().Zip(values.EnumerateArray()))
            {
                if (!_polls.TryGetValue(time.GetInt64(), out var poll) || readings.Value(series, poll) is not { } value) continue;
                readings.LeaveOut(series, poll);
                var isSame = kept.ValueKind == JsonValueKind.Number && Math.Abs(kept.GetDouble() - value) <= SameWithin * Math.Abs(value);
                if (!isSame) refusals.Add(batch.Polls.Series[series].Sensor, poll, "VictoriaMetrics keeps another value of this moment, which it cannot replace");
            }
        }
    }
}
