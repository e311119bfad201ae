using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace HPManager.Core.History.Import.Http;

/// <summary>
/// Reads a measurement of an InfluxDB server by InfluxQL, which 1.x speaks and 2.x understands. Series are told apart by <c>heat_pump_id</c> in <c>heatpump_metrics</c>, by
/// <c>register_id</c> in <c>heatpump</c>, by all tags in any other; each field of each is a series.
/// </summary>
internal sealed class InfluxReader(ServerSettings settings, TimeProvider time) : IImportReader
{
    private const long Window = 6 * 3600 * 1000L;
    private const string Wide = "heatpump_metrics";
    private const string Narrow = "heatpump";
    private const string PumpTag = "heat_pump_id";
    private const string RegisterTag = "register_id";

    private readonly ImportHttp _http = new(settings, "Token", time);

    public async ValueTask<ImportSurvey> SurveyAsync(CancellationToken cancellationToken)
    {
        var measurements = (await RowsAsync("SHOW MEASUREMENTS", cancellationToken)).ConvertAll(row => row[0]);
        if (measurements.Count == 0) throw new ImportException($"{settings.Database} has no measurements at {settings.Url}; is the database or bucket named rightly?");
        var measurement = MeasurementOf(measurements);
        var fields = (await RowsAsync($"SHOW FIELD KEYS FROM {Name(measurement)}", cancellationToken)).ConvertAll(row => row[0]);
        var keys = (await RowsAsync($"SHOW SERIES FROM {Name(measurement)} LIMIT 20000", cancellationToken)).ConvertAll(row => TagsOf(row[0]));
        var (first, last) = await ExtentAsync(measurement, cancellationToken);
        var counts = await CountsAsync(measurement, fields, cancellationToken);
        var found = new List<FoundSeries>();
        foreach (var group in keys.GroupBy(tags => Identity(measurement, tags), StringComparer.Ordinal))
        {
            var tags = group.Last();
            foreach (var field in fields)
            {
                var id = IdOf(measurement, group.Key, field);
                if (!counts.TryGetValue(id, out var known) || known.Count == 0) continue;
                found.Add(new FoundSeries(id, NameOf(measurement, tags, group.Key, field), tags.GetValueOrDefault("unit"), known.Count, first, last, known.Sample is { } sample ? [sample] : [])
                {
                    Alias = tags.GetValueOrDefault("name") is { } name && measurement == Narrow ? name : field,
                });
            }
        }

        var notes = new List<string> { $"Measurement {measurement}, of {string.Join(", ", measurements.Take(20))}." };
        if (found.Count > ImportSurvey.MostSeries) notes.Add($"Only the first {ImportSurvey.MostSeries} series are shown.");
        return new ImportSurvey([.. found.Take(ImportSurvey.MostSeries)], notes);
    }

    public async IAsyncEnumerable<ImportBatch> ReadAsync(IReadOnlyList<string> series, string? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = series.Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
        var measurement = series.Count == 0 ? Wide : JsonSerializer.Deserialize<string[]>(series[0])![0];
        var fields = series.Select(id => JsonSerializer.Deserialize<string[]>(id)![2]).Distinct().ToList();
        var tags = IdentityTags(measurement);
        var group = tags is null ? "*" : string.Join(',', tags.Select(Name));
        var (first, last) = await ExtentAsync(measurement, cancellationToken);
        if (first is null || last is null) yield break;
        var (begin, end) = (first.Value.ToUnixTimeMilliseconds(), last.Value.ToUnixTimeMilliseconds());
        var from = place is null ? begin - (begin % Window) : long.Parse(place, CultureInfo.InvariantCulture);
        while (from <= end)
        {
            var points = new List<ImportPoint>();
            var rows = 0L;
            var query = string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {string.Join(',', fields.Select(Name))} FROM {Name(measurement)} WHERE time >= {from}ms AND time < {from + Window}ms GROUP BY {group}");
            await _http.ReadLinesAsync(PathOf(query, "&chunked=true&chunk_size=10000"), line => Take(line, measurement, wanted, points, ref rows), cancellationToken);
            from += Window;
            yield return new ImportBatch(
                points,
                from.ToString(CultureInfo.InvariantCulture),
                rows,
                DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(from, end)),
                Math.Clamp((double)(from - begin) / Math.Max(1, end - begin + Window), 0, 1),
                [],
                0);
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Take(JsonElement line, string measurement, Dictionary<string, int> wanted, List<ImportPoint> points, ref long rows)
    {
        foreach (var series in SeriesOf(line))
        {
            var tags = series.TryGetProperty("tags", out var told) ? told.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString() ?? "") : [];
            var identity = Identity(measurement, tags);
            var columns = series.GetProperty("columns").EnumerateArray().Select(column => column.GetString() ?? "").ToList();
            var positions = columns.ConvertAll(column => wanted.GetValueOrDefault(IdOf(measurement, identity, column), -1));
            foreach (var row in series.GetProperty("values").EnumerateArray())
            {
                rows++;
                var at = row[0].GetInt64();
                for (var column = 1; column < columns.Count; column++)
                {
                    if (positions[column] >= 0 && PointOf(positions[column], at, row[column]) is { } point) points.Add(point);
                }
            }
        }
    }

    private static ImportPoint? PointOf(int position, long at, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => new ImportPoint(position, at, value.GetDouble(), null),
        JsonValueKind.True => new ImportPoint(position, at, 1, null),
        JsonValueKind.False => new ImportPoint(position, at, 0, null),
        JsonValueKind.String => new ImportPoint(position, at, null, value.GetString()),
        _ => null,
    };

    private static IEnumerable<JsonElement> SeriesOf(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out var fault)) throw new ImportException($"The server answers: {fault.GetString()}");
        foreach (var result in answer.GetProperty("results").EnumerateArray())
        {
            if (result.TryGetProperty("error", out fault)) throw new ImportException($"The server answers: {fault.GetString()}");
            if (!result.TryGetProperty("series", out var series)) continue;
            foreach (var one in series.EnumerateArray()) yield return one;
        }
    }

    private static string[]? IdentityTags(string measurement) => measurement switch
    {
        Wide => [PumpTag],
        Narrow => [RegisterTag],
        _ => null,
    };

    private static string Identity(string measurement, IReadOnlyDictionary<string, string> tags) => IdentityTags(measurement) is { } names
        ? string.Join(',', names.Select(name => tags.GetValueOrDefault(name, "")))
        : string.Join(',', tags.Where(tag => tag.Value.Length > 0).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));

    private static string IdOf(string measurement, string identity, string field) => JsonSerializer.Serialize(new[] { measurement, identity, field });

    private static string NameOf(string measurement, Dictionary<string, string> tags, string identity, string field) => measurement switch
    {
        Narrow => tags.GetValueOrDefault(RegisterTag) ?? field,
        _ when identity.Length == 0 => field,
        _ => $"{field} · {identity}",
    };

    private static string Name(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // measurement,tag=value,tag=value with blanks, commas and equal signs escaped by a backslash.
    private static Dictionary<string, string> TagsOf(string key)
    {
        var parts = new List<StringBuilder> { new() };
        var tags = new Dictionary<string, string>();
        var name = "";
        for (var index = 0; index <= key.Length; index++)
        {
            if (index == key.Length || key[index] == ',')
            {
                if (parts.Count > 1) tags[name] = parts[^1].ToString();
                parts.Add(new StringBuilder());
            }
            else if (key[index] == '=' && parts.Count > 1)
            {
                name = parts[^1].ToString();
                parts[^1].Clear();
            }
            else
            {
                if (key[index] == '\\' && index + 1 < key.Length) index++;
                parts[^1].Append(key[index]);
            }
        }

        return tags;
    }

    private string MeasurementOf(List<string> measurements)
    {
        if (settings.Selection is { Length: > 0 } chosen)
        {
            return measurements.Contains(chosen)
                ? chosen
                : throw new ImportException($"There is no measurement {chosen}; there are {string.Join(", ", measurements.Take(20))}.");
        }

        return measurements.Contains(Wide) ? Wide : measurements.Contains(Narrow) ? Narrow : measurements[0];
    }

    private async ValueTask<(DateTimeOffset? First, DateTimeOffset? Last)> ExtentAsync(string measurement, CancellationToken cancellationToken)
    {
        var first = await MomentAsync(measurement, "ASC", cancellationToken);
        var last = await MomentAsync(measurement, "DESC", cancellationToken);
        return (first, last);
    }

    private async ValueTask<DateTimeOffset?> MomentAsync(string measurement, string order, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetJsonAsync(PathOf($"SELECT * FROM {Name(measurement)} ORDER BY time {order} LIMIT 1"), cancellationToken);
        var moments = SeriesOf(answer.RootElement).SelectMany(series => series.GetProperty("values").EnumerateArray()).Select(row => row[0].GetInt64()).ToList();
        return moments.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(moments[0], 0, time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()));
    }

    private async ValueTask<Dictionary<string, (long Count, string? Sample)>> CountsAsync(string measurement, List<string> fields, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, (long Count, string? Sample)>();
        var group = IdentityTags(measurement) is { } tags ? string.Join(',', tags.Select(Name)) : "*";
        await FillAsync("count", (id, value) => counts[id] = (value.GetInt64(), null));
        await FillAsync("last", (id, value) => counts[id] = (counts.GetValueOrDefault(id).Count, value.ToString()));
        return counts;

        async ValueTask FillAsync(string function, Action<string, JsonElement> take)
        {
            foreach (var some in fields.Chunk(50))
            {
                var selected = string.Join(',', some.Select(field => $"{function}({Name(field)}) AS {Name(field)}"));
                using var answer = await _http.GetJsonAsync(PathOf($"SELECT {selected} FROM {Name(measurement)} GROUP BY {group}"), cancellationToken);
                foreach (var series in SeriesOf(answer.RootElement))
                {
                    var own = series.TryGetProperty("tags", out var told) ? told.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString() ?? "") : [];
                    var identity = Identity(measurement, own);
                    var columns = series.GetProperty("columns").EnumerateArray().Select(column => column.GetString() ?? "").ToList();
                    foreach (var row in series.GetProperty("values").EnumerateArray())
                    {
                        for (var column = 1; column < columns.Count; column++)
                        {
                            if (row[column].ValueKind != JsonValueKind.Null) take(IdOf(measurement, identity, columns[column]), row[column]);
                        }
                    }
                }
            }
        }
    }

    private async ValueTask<List<List<string>>> RowsAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetJsonAsync(PathOf(query), cancellationToken);
        return
        [
            .. SeriesOf(answer.RootElement).SelectMany(series => series.GetProperty("values").EnumerateArray())
                .Select(row => row.EnumerateArray().Select(value => value.ToString()).ToList()),
        ];
    }

    private string PathOf(string query, string more = "") =>
        $"query?db={Uri.EscapeDataString(settings.Database ?? "heatpump")}&epoch=ms&q={Uri.EscapeDataString(query)}{more}";
}
