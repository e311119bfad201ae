using System.ComponentModel;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Export;
using HPManager.Core.Live;
using HPManager.Core.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace HPManager.Web.Api;

/// <summary>Every reading of a range as a file.</summary>
internal static class HistoryExportApi
{
    private const int LongestName = 40;

    public static void MapHistoryExport(this RouteGroupBuilder api) => api.MapGet("heatpumps/{id}/history/export", GetAsync)
        .WithTags("History")
        .WithName("ExportHistory")
        .WithSummary("Every reading of a range, unthinned, as a CSV or JSON file")
        .WithDescription(
            "Streamed: a range may be years long. csv: RFC 4180 with a row per poll and a column per sensor; json: one document with an array of polls; ndjson: a poll per line. Numbers come back bit "
            + "for bit. Without quality only good values are given; with it all of them, each with its quality, and the CSV file can be imported again without loss. A file that ends "
            + "early is not complete: the connection is then broken off, not closed.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv", "application/json", "application/x-ndjson")
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> GetAsync(
        string id,
        [FromQuery, Description("csv, json or ndjson. Default: csv.")] string? format,
        [FromQuery, Description("Keys of sensors: repeated, or with commas. Default: all.")] string[] sensor,
        [FromQuery, Description("First moment, inclusive: ISO 8601, or back from now, such as -7d. Default: 24 hours before to.")] string? from,
        [FromQuery, Description("Last moment, exclusive, likewise. Default: now.")] string? to,
        [FromQuery, Description("true: every reading with its quality, also those that are not good. Default: false.")] string? quality,
        LiveValues live,
        ITimeSeriesStore store,
        TimeProvider time,
        HttpContext context)
    {
        if (live.Find(id) is not { } state) return Problems.NoHeatPump(id);
        var errors = new List<FieldError>();
        var names = HistoryApi.NamesOf(sensor);
        var sensors = names.Count == 0
            ? [.. state.Sensors.All.Where(known => known.IsReadable).Select(known => known.Key)]
            : HistoryApi.KnownOf(names, state, errors);
        var (start, end) = HistoryApi.RangeOf(from, to, time.GetUtcNow(), errors);
        var form = FormatOf(format, errors);
        var withQuality = IsAsked(quality, errors);
        if (errors.Count > 0) return Problems.Invalid(errors);

        var request = new ExportRequest(state.HeatPump.Id, sensors, WithOthers: names.Count == 0, start, end, form, withQuality);
        await using var export = await HistoryExport.OpenAsync(store, request, context.RequestAborted);
        context.Response.ContentType = form switch
        {
            ExportFormat.Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat.Json => "application/json; charset=utf-8",
            _ => "application/x-ndjson; charset=utf-8",
        };
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(FileName(state.HeatPump, request));
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "no-store";
        await export.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        return Results.Empty;
    }

    /// <summary>Such as <c>hp-001_lake-house_20260115T0600Z-20260122T0600Z.csv</c>.</summary>
    internal static string FileName(HeatPump heatPump, ExportRequest request)
    {
        var name = string.Join('-', new string([.. heatPump.Name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (name.Length > LongestName) name = name[..LongestName].TrimEnd('-');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{heatPump.Id}{(name.Length > 0 ? "_" : "")}{name}_{request.From.UtcDateTime:yyyyMMdd'T'HHmm'Z'}-{request.To.UtcDateTime:yyyyMMdd'T'HHmm'Z'}.{SnakeCaseEnum.Key(request.Format)}");
    }

    private static ExportFormat FormatOf(string? text, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text)) return ExportFormat.Csv;
        if (SnakeCaseEnum.TryParse<ExportFormat>(text, out var format)) return format;
        errors.Add(new FieldError("format", $"Must be one of: {string.Join(", ", SnakeCaseEnum.Keys<ExportFormat>())}."));
        return default;
    }

    private static bool IsAsked(string? text, List<FieldError> errors)
    {
        if (text is "true") return true;
        if (text is not (null or "" or "false")) errors.Add(new FieldError("quality", "Must be true or false."));
        return false;
    }
}
