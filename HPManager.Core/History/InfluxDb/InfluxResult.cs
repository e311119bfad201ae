using System.Text.Json;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.InfluxDb;

/// <summary>A row of an answer: its moment in Unix milliseconds, and the columns behind it; null where there is nothing.</summary>
/// <param name="At">Its moment.</param>
/// <param name="Values">One a column.</param>
internal readonly record struct InfluxRow(long At, double?[] Values);

/// <summary>A series of an answer.</summary>
/// <param name="Tags">By which it was grouped.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record InfluxSeries(IReadOnlyDictionary<string, string> Tags, IReadOnlyList<InfluxRow> Rows);

/// <summary>What a statement gave.</summary>
/// <param name="Series">Its series; none when there is nothing.</param>
/// <param name="Names">First columns that are texts, of answers that are lists of names.</param>
internal sealed record InfluxResult(IReadOnlyList<InfluxSeries> Series, IReadOnlyList<string> Names)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="EngineException">It is none, or it is a refusal.</exception>
    public static IReadOnlyList<InfluxResult> Parse(EngineAnswer answer, EngineHttp http, string notFound)
    {
        using var json = answer.Json() ?? throw http.Strange("answers a question with something that is no JSON");
        try
        {
            return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(result => ParseOne(result, http, notFound))];
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw http.Strange("answers a question with JSON of another form");
        }
    }

    private static InfluxResult ParseOne(JsonElement result, EngineHttp http, string notFound)
    {
        if (result.TryGetProperty("error", out var error)) throw Refused(error.GetString() ?? "", http, notFound);
        if (result.TryGetProperty("partial", out var partial) && partial.GetBoolean()) throw http.Strange("answers a question in part only");
        if (!result.TryGetProperty("series", out var list)) return new InfluxResult([], []);
        var series = new List<InfluxSeries>();
        var names = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.TryGetProperty("partial", out partial) && partial.GetBoolean()) throw http.Strange("answers a question in part only");
            var tags = item.TryGetProperty("tags", out var pairs)
                ? pairs.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString() ?? "")
                : [];
            var rows = new List<InfluxRow>();
            if (item.TryGetProperty("values", out var values))
            {
                foreach (var row in values.EnumerateArray())
                {
                    if (row[0].ValueKind == JsonValueKind.String) names.Add(row[0].GetString()!);
                    else rows.Add(RowOf(row));
                }
            }

            series.Add(new InfluxSeries(tags, rows));
        }

        return new InfluxResult(series, names);
    }

    private static InfluxRow RowOf(JsonElement row)
    {
        var values = new double?[row.GetArrayLength() - 1];
        var column = -1;
        foreach (var cell in row.EnumerateArray())
        {
            if (column >= 0) values[column] = cell.ValueKind == JsonValueKind.Number ? cell.GetDouble() : null;
            column++;
        }

        return new InfluxRow(row[0].GetInt64(), values);
    }

    private static EngineException Refused(string words, EngineHttp http, string notFound)
    {
        var isMissing = words.Contains("not found", StringComparison.OrdinalIgnoreCase);
        return isMissing
            ? new EngineException(EngineFault.NotFound, $"InfluxDB does not have {notFound}: {http.Clean(words)}")
            : new EngineException(EngineFault.Failed, $"InfluxDB does not answer a question: {http.Clean(words)}");
    }
}
