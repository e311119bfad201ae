using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using HPManager.Core.Sensors;
using HPManager.Core.Text;

namespace HPManager.Core.History.Export;

/// <summary>
/// Polls as JSON objects: <c>at</c>, <c>values</c> by sensor (null where there is none; a sensor that was no part of the poll is left out), and when asked for
/// <c>quality</c> of those that are not good. One document that holds them all, or a line each.
/// </summary>
internal sealed class JsonEncoder : IExportEncoder
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly ExportRequest _request;
    private readonly bool _isDocument;
    private readonly JsonEncodedText[] _names;
    private readonly IReadOnlyList<SensorKey> _sensors;

    public JsonEncoder(ExportRequest request, IReadOnlyList<SensorKey> sensors, bool isDocument)
    {
        _request = request;
        _sensors = sensors;
        _isDocument = isDocument;
        _names = [.. sensors.Select(sensor => JsonEncodedText.Encode(sensor.Value))];
        _json = new Utf8JsonWriter(_line, Options);
    }

    public void Begin(IBufferWriter<byte> output)
    {
        if (!_isDocument) return;
        _json.WriteStartObject();
        _json.WriteString("heatPumpId", _request.HeatPumpId.Value);
        _json.WriteString("from", Text(_request.From));
        _json.WriteString("to", Text(_request.To));
        _json.WriteStartArray("sensors");
        foreach (var sensor in _sensors) _json.WriteStringValue(sensor.Value);
        _json.WriteEndArray();
        _json.WriteStartArray("polls");
        HandOver(output);
    }

    public void Row(IBufferWriter<byte> output, DateTimeOffset at, IReadOnlyList<StoredReading>?[] columns, int row)
    {
        _json.WriteStartObject();
        _json.WriteString("at", Text(at));
        _json.WriteStartObject("values");
        for (var column = 0; column < columns.Length; column++)
        {
            var reading = columns[column]?[row] ?? default;
            if (reading.Quality is null) continue;
            _json.WritePropertyName(_names[column]);
            WriteValue(_request.WithQuality || reading.Quality == Quality.Good ? reading : default);
        }

        _json.WriteEndObject();
        if (_request.WithQuality) WriteQualities(columns, row);
        _json.WriteEndObject();
        HandOver(output);
        if (_isDocument) return;
        output.Write("\n"u8);
        _json.Reset();
    }

    public void End(IBufferWriter<byte> output)
    {
        if (!_isDocument) return;
        _json.WriteEndArray();
        _json.WriteEndObject();
        HandOver(output);
    }

    public void Dispose() => _json.Dispose();

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(CsvEncoder.TimeFormat, CultureInfo.InvariantCulture);

    private void WriteValue(StoredReading reading)
    {
        if (reading.Value is { } value && double.IsFinite(value)) _json.WriteNumberValue(value);
        else if (reading is { Value: null, Text: { } text }) _json.WriteStringValue(text);
        else _json.WriteNullValue();
    }

    private void WriteQualities(IReadOnlyList<StoredReading>?[] columns, int row)
    {
        _json.WriteStartObject("quality");
        for (var column = 0; column < columns.Length; column++)
        {
            if (columns[column]?[row].Quality is { } quality and not Quality.Good) _json.WriteString(_names[column], SnakeCaseEnum.Key(quality));
        }

        _json.WriteEndObject();
    }

    private void HandOver(IBufferWriter<byte> output)
    {
        _json.Flush();
        output.Write(_line.WrittenSpan);
        _line.ResetWrittenCount();
    }
}
