using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Benchmarks.Store.Peers;
using HPManager.Core.History;
using HPManager.Web.Api;

namespace HPManager.Benchmarks.Store.Parts;

/// <summary>A way to put a question to a store: gives the bytes of the answer, and checks them.</summary>
internal sealed record Way(string Name, Func<CancellationToken, Task<IReadOnlyList<byte[]>>> AskAsync, Action<IReadOnlyList<byte[]>> Check);

/// <summary>The ways to put a question to VictoriaMetrics.</summary>
internal static class VictoriaWays
{
    private static readonly string[] Functions = ["min", "avg", "max"];

    public static Way[] OfBuckets(VictoriaMetrics server, Question question)
    {
        var (first, width) = (question.Buckets.First, question.Buckets.Width);

        // Its windows end at the moment asked for, inclusive: a millisecond before the next bucket.
        var range = $"start={VictoriaMetrics.Seconds(first + width - 1)}&end={VictoriaMetrics.Seconds(first + (question.Buckets.Count * width) - 1)}&step={VictoriaMetrics.Seconds(width)}&nocache=1";
        var series = $"{VictoriaMetrics.Selector(question.Recording, question.Positions)}[{width}ms]";
        var each = Array.ConvertAll(Functions, function => Path($"{function}_over_time({series}) keep_metric_names"));
        return
        [
            new("three queries, one by one", async token => await OneByOneAsync(server, each, token), Check),
            new("three queries at a time", async token => await Task.WhenAll(each.Select(path => server.GetAsync(path, token))), Check),
            new("rollup()", async token => [await server.GetAsync(Path($"rollup({series}) keep_metric_names"), token)], Check),
        ];

        string Path(string query) => $"/api/v1/query_range?query={VictoriaMetrics.Escape(query)}&{range}";
        void Check(IReadOnlyList<byte[]> answers) => CheckBuckets(question, answers);
    }

    public static Way[] OfPolls(VictoriaMetrics server, Question question)
    {
        var selector = VictoriaMetrics.Selector(question.Recording, question.Positions);
        var (from, to) = (question.Recording.From.ToUnixTimeMilliseconds(), question.Recording.To.ToUnixTimeMilliseconds());
        var export = $"/api/v1/export?match[]={VictoriaMetrics.Escape(selector)}&start={VictoriaMetrics.Seconds(from)}&end={VictoriaMetrics.Seconds(to - 1)}";
        return
        [
            new("export", async token => [await server.GetAsync(export, token)], answers => CheckExport(question, answers[0])),
            new("export, reduce_mem_usage", async token => [await server.GetAsync(export + "&reduce_mem_usage=1", token)], answers => CheckExport(question, answers[0])),
            new(
                "query with a range",
                async token => [await server.GetAsync($"/api/v1/query?nocache=1&query={VictoriaMetrics.Escape($"{selector}[{to - from}ms]")}&time={VictoriaMetrics.Seconds(to - 1)}", token)],
                answers => CheckMatrix(question, answers[0])),
        ];
    }

    private static async Task<IReadOnlyList<byte[]>> OneByOneAsync(VictoriaMetrics server, string[] paths, CancellationToken cancellationToken)
    {
        var answers = new List<byte[]>();
        foreach (var path in paths) answers.Add(await server.GetAsync(path, cancellationToken));
        return answers;
    }

    private static void CheckBuckets(Question question, IReadOnlyList<byte[]> answers)
    {
        var found = new double?[question.Sensors.Count, question.Buckets.Count, Functions.Length];
        for (var index = 0; index < answers.Count; index++)
        {
            using var answer = JsonDocument.Parse(answers[index]);
            foreach (var series in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
            {
                var metric = series.GetProperty("metric");
                var function = metric.TryGetProperty("rollup", out var rollup) ? Array.IndexOf(Functions, rollup.GetString()) : index;
                foreach (var value in series.GetProperty("values").EnumerateArray())
                    found[SensorOf(question, metric), question.Buckets.IndexOf(Moment(value)), function] = double.Parse(value[1].GetString()!, CultureInfo.InvariantCulture);
            }
        }

        for (var sensor = 0; sensor < question.Sensors.Count; sensor++)
        {
            for (var bucket = 0; bucket < question.Buckets.Count; bucket++)
                question.CheckBucket("VictoriaMetrics", sensor, bucket, found[sensor, bucket, 0], found[sensor, bucket, 1], found[sensor, bucket, 2]);
        }
    }

    private static void CheckExport(Question question, byte[] answer)
    {
        var points = 0;
        foreach (var line in Encoding.UTF8.GetString(answer).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var series = JsonDocument.Parse(line);
            var sensor = SensorOf(question, series.RootElement.GetProperty("metric"));
            var (values, times) = (series.RootElement.GetProperty("values"), series.RootElement.GetProperty("timestamps"));
            for (var index = 0; index < values.GetArrayLength(); index++, points++) question.CheckPoll("VictoriaMetrics", sensor, times[index].GetInt64(), values[index].GetDouble());
        }

        CheckCount(question, points);
    }

    private static void CheckMatrix(Question question, byte[] answer)
    {
        using var matrix = JsonDocument.Parse(answer);
        var points = 0;
        foreach (var series in matrix.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            foreach (var value in series.GetProperty("values").EnumerateArray())
            {
                question.CheckPoll("VictoriaMetrics", SensorOf(question, series.GetProperty("metric")), Moment(value), double.Parse(value[1].GetString()!, CultureInfo.InvariantCulture));
                points++;
            }
        }

        CheckCount(question, points);
    }

    private static void CheckCount(Question question, int points)
    {
        if (points != question.Recording.Polls * question.Sensors.Count) throw new InvalidOperationException($"VictoriaMetrics gives {points} points.");
    }

    private static int SensorOf(Question question, JsonElement metric)
    {
        var name = metric.GetProperty("__name__").GetString()![(LineProtocol.Measurement.Length + 1)..];
        return question.Sensors.Select(sensor => sensor.Value).ToList().IndexOf(name);
    }

    private static long Moment(JsonElement value) => (long)Math.Round(value[0].GetDouble() * 1000);
}

/// <summary>The ways to put a question to InfluxDB.</summary>
internal static class InfluxWays
{
    public static Way[] OfBuckets(InfluxDb server, Question question)
    {
        var where = $"FROM {LineProtocol.Measurement} WHERE {Range(question)} GROUP BY time({question.Buckets.Width}ms)";
        var each = question.Sensors.Select(sensor => InfluxDb.QueryPath($"SELECT min({sensor}), mean({sensor}), max({sensor}) {where}")).ToArray();
        var all = InfluxDb.QueryPath($"SELECT {string.Join(", ", question.Sensors.Select(sensor => $"min({sensor}), mean({sensor}), max({sensor})"))} {where}");
        return
        [
            new("one query", async token => [await server.GetAsync(all, token)], answers => Check(question, answers)),
            new("a query a sensor at a time", async token => await Task.WhenAll(each.Select(path => server.GetAsync(path, token))), answers => Check(question, answers)),
        ];
    }

    public static Way[] OfPolls(InfluxDb server, Question question)
    {
        var path = InfluxDb.QueryPath($"SELECT {string.Join(", ", question.Sensors.Select(sensor => sensor.Value))} FROM {LineProtocol.Measurement} WHERE {Range(question)}");
        return [new("one query", async token => [await server.GetAsync(path, token)], answers => CheckPolls(question, answers[0]))];
    }

    private static string Range(Question question) =>
        $"{LineProtocol.Tag} = '{question.Recording.HeatPump.Value}' AND time >= {question.Recording.From.ToUnixTimeMilliseconds()}ms AND time < {question.Recording.To.ToUnixTimeMilliseconds()}ms";

    private static void Check(Question question, IReadOnlyList<byte[]> answers)
    {
        var buckets = 0;
        for (var index = 0; index < answers.Count; index++)
        {
            using var answer = JsonDocument.Parse(answers[index]);
            foreach (var row in Rows(answer))
            {
                var bucket = (int)question.Buckets.IndexOf(row[0].GetInt64());
                for (var column = 1; column < row.GetArrayLength(); column += 3, buckets++)
                    question.CheckBucket("InfluxDB", index + (column / 3), bucket, Number(row[column]), Number(row[column + 1]), Number(row[column + 2]));
            }
        }

        if (buckets != question.Buckets.Count * question.Sensors.Count) throw new InvalidOperationException($"InfluxDB gives {buckets} buckets.");
    }

    private static void CheckPolls(Question question, byte[] bytes)
    {
        using var answer = JsonDocument.Parse(bytes);
        var polls = 0;
        foreach (var row in Rows(answer))
        {
            for (var sensor = 0; sensor < question.Sensors.Count; sensor++) question.CheckPoll("InfluxDB", sensor, row[0].GetInt64(), Number(row[sensor + 1]));
            polls++;
        }

        if (polls != question.Recording.Polls) throw new InvalidOperationException($"InfluxDB gives {polls} polls.");
    }

    private static JsonElement.ArrayEnumerator Rows(JsonDocument answer) =>
        answer.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values").EnumerateArray();

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
}

/// <summary>The way to put a question to ours: with the answer of the REST API, which tells last and count of each bucket too.</summary>
internal static class OurWay
{
    private static readonly JsonSerializerOptions Options = OfTheApi();

    public static async Task<byte[]> AskAsync(OurStore store, Question question, CancellationToken cancellationToken)
    {
        var table = await store.Store.QueryAsync(question.Query, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(HistoryContract.Of(question.Query, table), Options);
    }

    private static JsonSerializerOptions OfTheApi()
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        return options;
    }

    /// <exception cref="InvalidOperationException">A row is not what it must be.</exception>
    public static void Check(Question question, HistoryTable table)
    {
        for (var row = 0; row < table.Times.Count; row++)
        {
            var moment = table.Times[row].ToUnixTimeMilliseconds();
            for (var sensor = 0; sensor < question.Sensors.Count; sensor++)
            {
                var column = table.Columns[sensor];
                if (table.BucketWidth == TimeSpan.Zero) question.CheckPoll("ours", sensor, moment, column.Mean[row]);
                else question.CheckBucket("ours", sensor, (int)question.Buckets.IndexOf(moment), column.Min[row], column.Mean[row], column.Max[row]);
            }
        }

        var rows = table.BucketWidth == TimeSpan.Zero ? question.Recording.Polls : question.Buckets.Count;
        if (table.Times.Count != rows) throw new InvalidOperationException($"Ours gives {table.Times.Count} rows instead of {rows}.");
    }
}
