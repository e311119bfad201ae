using System.Globalization;
using System.Text;
using System.Text.Json;
using HPManager.Core.History.Engines;

namespace HPManager.Core.History.VictoriaMetrics;

/// <summary>
/// What VictoriaMetrics is asked, and how, so that it answers exactly what was asked: see the remarks of each question. Thread-safe.
/// </summary>
internal sealed class VictoriaServer(EngineHttp writing, EngineHttp reading)
{
    private const int SmallAnswer = 64 * 1024;
    private const int LargestAnswer = 64 * 1024 * 1024;

    // Newer than this, VictoriaMetrics replaces the last points of an answer by those before (-search.latencyOffset). Asking days back with a negative offset tells what there is.
    private const long Back = 10L * 24 * 60 * 60 * 1000;

    // Moments are given in seconds and cut to milliseconds there, after rounding: a quarter of one more is right whichever way it goes.
    private const decimal Quarter = 0.00025m;

    private static readonly string[] Rollups = ["min_over_time", "avg_over_time", "max_over_time", "last_over_time", "tlast_over_time", "count_over_time"];

    /// <summary>Asks what answers, and whether it lets us read and write.</summary>
    public async Task<string> NameAsync(LineLayout? layout, CancellationToken cancellationToken)
    {
        // Nothing but VictoriaMetrics exports in this form, and a write of nothing needs the same credentials as one of something.
        var answer = await reading.SendAsync(
            HttpMethod.Get, $"api/v1/export?{Match("{heatpump_id=\"none\"}")}&start=1&end=2", null, SmallAnswer, cancellationToken);
        if (!answer.IsSuccess || answer.Body.Length > 0) throw reading.FaultOf(answer, "a path of VictoriaMetrics");
        await WriteAsync(layout, ReadOnlyMemory<byte>.Empty, cancellationToken);
        var retention = await RetentionAsync(cancellationToken);
        return retention is null ? "VictoriaMetrics" : $"VictoriaMetrics, which keeps {retention}";
    }

    /// <summary>Sends lines of line protocol, or of series in JSON when there is no layout.</summary>
    public async Task WriteAsync(LineLayout? layout, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (path, media) = layout is null ? ("api/v1/import", "application/json") : ("write?precision=ms", "text/plain");
        var answer = await writing.SendAsync(HttpMethod.Post, path, EngineHttp.Packed(body.Span, media), SmallAnswer, cancellationToken);
        if (answer.Status == 204) return;
        if (answer.IsSuccess) throw writing.Strange($"answers a write with HTTP {answer.Status} instead of 204");
        throw writing.FaultOf(answer, $"the path {path}");
    }

    /// <summary>
    /// Makes what was taken a moment ago be found: it takes up to a second otherwise. A cluster, or one that keeps this to itself, does not; then the second has to have passed.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellationToken) =>
        _ = await reading.SendAsync(HttpMethod.Get, "internal/force_flush", null, SmallAnswer, cancellationToken);

    /// <summary>Every sample of some series within a range; what reads them is called with the labels, the moments and the values of each part.</summary>
    public async Task ExportAsync(string selector, EngineRange range, Action<JsonElement, JsonElement, JsonElement> read, CancellationToken cancellationToken)
    {
        // Both ends are inclusive here.
        var query = $"{Match(selector)}&start={Seconds(range.From)}&end={Seconds(range.To - 1)}";
        var answer = await reading.SendAsync(HttpMethod.Post, "api/v1/export", Form(query), LargestAnswer, cancellationToken);
        if (!answer.IsSuccess) throw reading.FaultOf(answer, "the path api/v1/export");
        try
        {
            var rest = answer.Body;
            while (rest.Length > 0)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var line = end < 0 ? rest : rest[..end];
                rest = end < 0 ? default : rest[(end + 1)..];
                if (line.Span.Trim((byte)' ').IsEmpty) continue;
                using var json = JsonDocument.Parse(line);
                read(json.RootElement.GetProperty("metric"), json.RootElement.GetProperty("timestamps"), json.RootElement.GetProperty("values"));
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw reading.Strange("exports something that is no series");
        }
    }

    /// <summary>
    /// Minimum, mean, maximum, last and count of each series in windows that begin at <paramref name="first"/>, each as long as it is apart from the next one.
    /// </summary>
    /// <remarks>
    /// A window of PromQL begins behind its first moment and ends with its last one; with whole milliseconds, the one that ends a millisecond before a bucket's end is that
    /// bucket. <c>nocache=1</c> keeps the moments from being moved to other ones. Every function has its window: without one, it would look back as far as it likes.
    /// </remarks>
    /// <param name="selector">Which series.</param>
    /// <param name="first">First moment of the first window.</param>
    /// <param name="width">Width of a window, milliseconds.</param>
    /// <param name="count">How many windows.</param>
    /// <param name="read">Called with the labels, the first moment of the window, and what there is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task RollUpAsync(string selector, long first, long width, int count, Action<JsonElement, long, BucketPart> read, CancellationToken cancellationToken)
    {
        var functions = string.Join(',', Rollups.Select(name => $"\"{name}\""));
        var span = Duration(width);
        var query = $"aggr_over_time(({functions}), {selector}[{span}] offset -{Duration(Back)}) keep_metric_names";
        var start = first + width - 1 - Back;
        var form = $"query={Uri.EscapeDataString(query)}&nocache=1&step={span}&start={Seconds(start)}&end={Seconds(start + ((count - 1) * width))}";
        var answer = await reading.SendAsync(HttpMethod.Post, "api/v1/query_range", Form(form), LargestAnswer, cancellationToken);
        if (!answer.IsSuccess) throw reading.FaultOf(answer, "the path api/v1/query_range");
        using var json = answer.Json() ?? throw reading.Strange("answers a question with something that is no JSON");
        try
        {
            var rollups = new RollUps(first, width, count, Back);
            foreach (var series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()) rollups.Add(series);
            rollups.Read(read);
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw reading.Strange("answers a question with JSON of another form");
        }
    }

    // What it was started with says how long it keeps; one that does not tell it is none the worse.
    private async Task<string?> RetentionAsync(CancellationToken cancellationToken)
    {
        var answer = await reading.SendAsync(HttpMethod.Get, "flags", null, LargestAnswer, cancellationToken);
        if (!answer.IsSuccess) return null;
        const string Flag = "-retentionPeriod=";
        var line = Encoding.UTF8.GetString(answer.Body.Span).Split('\n').FirstOrDefault(text => text.StartsWith(Flag, StringComparison.Ordinal));
        var period = line?[Flag.Length..].Trim().Trim('"');
        if (string.IsNullOrEmpty(period)) return null;
        return char.IsAsciiDigit(period[^1]) ? $"{reading.Clean(period)} month(s)" : reading.Clean(period);
    }

    private static StringContent Form(string fields) => new(fields, Encoding.ASCII, "application/x-www-form-urlencoded");

    private static string Match(string selector) => $"{Uri.EscapeDataString("match[]")}={Uri.EscapeDataString(selector)}";

    private static string Seconds(long moment) => ((moment / 1000m) + Quarter).ToString("0.#####", CultureInfo.InvariantCulture);

    private static string Duration(long milliseconds) => milliseconds % 1000 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
}
