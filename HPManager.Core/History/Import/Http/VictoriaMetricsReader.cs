using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace HPManager.Core.History.Import.Http;

/// <summary>Reads series of a VictoriaMetrics server by its export of JSON lines; a series is a metric's name with its labels.</summary>
internal sealed class VictoriaMetricsReader(ServerSettings settings, TimeProvider time) : IImportReader
{
    /// <summary>What is asked for when the owner names nothing.</summary>
    public const string UsualSelection = """{__name__=~".*heatpump_.*"}""";

    private const long Window = 6 * 3600 * 1000L;
    private const long SecondsOfDay = 86_400;
    private const string NameLabel = "__name__";
    private const string Infix = "_heatpump_";

    private readonly ImportHttp _http = new(settings, "Bearer", time);

    private string Selection => settings.Selection is { Length: > 0 } given ? given : UsualSelection;

    public async ValueTask<ImportSurvey> SurveyAsync(CancellationToken cancellationToken)
    {
        var counts = await ValuesAsync("count_over_time", cancellationToken);
        var firsts = await ValuesAsync("tfirst_over_time", cancellationToken);
        var lasts = await ValuesAsync("tlast_over_time", cancellationToken);
        var values = await ValuesAsync("last_over_time", cancellationToken);
        if (counts.Count == 0) throw new ImportException($"{settings.Url} has nothing that matches {Selection}.");
        var found = counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new FoundSeries(
            pair.Key,
            NameOf(pair.Value.Labels),
            pair.Value.Labels.GetValueOrDefault("unit"),
            (long)Number(pair.Value.Value),
            Moment(firsts, pair.Key),
            Moment(lasts, pair.Key),
            values.TryGetValue(pair.Key, out var value) ? [value.Value] : [])
        {
            Alias = ShortName(pair.Value.Labels.GetValueOrDefault(NameLabel, "")),
        });
        return new ImportSurvey(
            [.. found.Take(ImportSurvey.MostSeries)], counts.Count > ImportSurvey.MostSeries ? [$"Only the first {ImportSurvey.MostSeries} of {counts.Count} series are shown."] : []);
    }

    public async IAsyncEnumerable<ImportBatch> ReadAsync(IReadOnlyList<string> series, string? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = series.Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
        var firsts = await ValuesAsync("tfirst_over_time", cancellationToken);
        var lasts = await ValuesAsync("tlast_over_time", cancellationToken);
        var begin = series.Select(id => Moment(firsts, id)).Min()?.ToUnixTimeMilliseconds();
        var end = series.Select(id => Moment(lasts, id)).Max()?.ToUnixTimeMilliseconds();
        if (begin is null || end is null) yield break;
        var from = place is null ? begin.Value - (begin.Value % Window) : long.Parse(place, CultureInfo.InvariantCulture);
        while (from <= end)
        {
            var points = new List<ImportPoint>();
            var rows = 0L;

            // Both ends belong to the range that is asked for.
            var path = string.Create(
                CultureInfo.InvariantCulture,
                $"api/v1/export?match[]={Uri.EscapeDataString(Selection)}&start={Seconds(from)}&end={Seconds(from + Window - 1)}&max_rows_per_line=10000&reduce_mem_usage=1");
            await _http.ReadLinesAsync(path, line => rows += Take(line, wanted, points), cancellationToken);
            from += Window;
            yield return new ImportBatch(
                points,
                from.ToString(CultureInfo.InvariantCulture),
                rows,
                DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(from, end.Value)),
                Math.Clamp((double)(from - begin.Value) / Math.Max(1, end.Value - begin.Value + Window), 0, 1),
                [],
                0);
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Seconds(long moment) => (moment / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static int Take(JsonElement line, Dictionary<string, int> wanted, List<ImportPoint> points)
    {
        var times = line.GetProperty("timestamps");
        if (!wanted.TryGetValue(IdOf(LabelsOf(line.GetProperty("metric"))), out var position)) return times.GetArrayLength();
        var values = line.GetProperty("values").EnumerateArray();
        foreach (var at in times.EnumerateArray())
        {
            if (!values.MoveNext()) break;

            // A mark of staleness comes as null, infinity as a text: neither is a value.
            if (values.Current.ValueKind == JsonValueKind.Number) points.Add(new ImportPoint(position, at.GetInt64(), values.Current.GetDouble(), null));
        }

        return times.GetArrayLength();
    }

    private static Dictionary<string, string> LabelsOf(JsonElement metric) => metric.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "");

    private static string IdOf(Dictionary<string, string> labels)
    {
        var text = new StringBuilder(labels.GetValueOrDefault(NameLabel, "")).Append('{');
        foreach (var (name, value) in labels.Where(label => label.Key != NameLabel).OrderBy(label => label.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(JsonSerializer.Serialize(value)).Append(',');
        return text.Append('}').ToString();
    }

    private static string NameOf(Dictionary<string, string> labels)
    {
        var pump = labels.GetValueOrDefault("heatpump_id") ?? labels.GetValueOrDefault("heat_pump_id");
        var name = labels.GetValueOrDefault(NameLabel, "");
        return pump is null ? name : $"{name} · {pump}";
    }

    private static string ShortName(string name)
    {
        foreach (var prefix in new[] { Infix, "heatpump_metrics_", "heatpump_" })
        {
            if (name.IndexOf(prefix, StringComparison.Ordinal) is >= 0 and var at) return name[(at + prefix.Length)..];
        }

        return name;
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static DateTimeOffset? Moment(Dictionary<string, (Dictionary<string, string> Labels, string Value)> moments, string id) =>
        moments.TryGetValue(id, out var known) && Number(known.Value) is > 0 and < 1e11 and var seconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;

    private async ValueTask<Dictionary<string, (Dictionary<string, string> Labels, string Value)>> ValuesAsync(string function, CancellationToken cancellationToken)
    {
        // Back to 1970, and not beyond: a range that begins before finds nothing.
        var seconds = (time.GetUtcNow().ToUnixTimeSeconds() - SecondsOfDay).ToString(CultureInfo.InvariantCulture);
        var query = $"{function}({Selection}[{seconds}s]) keep_metric_names";
        using var answer = await _http.GetJsonAsync($"api/v1/query?query={Uri.EscapeDataString(query)}&nocache=1", cancellationToken);
        var values = new Dictionary<string, (Dictionary<string, string> Labels, string Value)>();
        foreach (var one in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var labels = LabelsOf(one.GetProperty("metric"));
            values[IdOf(labels)] = (labels, one.GetProperty("value")[1].GetString() ?? "");
        }

        return values;
    }
}
