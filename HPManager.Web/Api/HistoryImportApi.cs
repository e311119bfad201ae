using System.Globalization;
using FluentValidation;
using HPManager.Core.HeatPumps;
using HPManager.Core.History.Import;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>Taking over history from elsewhere.</summary>
internal static class HistoryImportApi
{
    private const string Tag = "Import";

    public static void MapHistoryImport(this RouteGroupBuilder api)
    {
        api.MapGet("history/import", (HistoryImport import) => TypedResults.Ok(import.State))
            .WithTags(Tag)
            .WithName("GetHistoryImport")
            .WithSummary("How far the newest import of history is, and what became of each series");
        api.MapGet("history/import/report", Report)
            .WithTags(Tag)
            .WithName("GetHistoryImportReport")
            .WithSummary("The same as a file");
        api.MapPost("history/import/survey", SurveyAsync)
            .WithTags(Tag)
            .WithName("SurveyHistoryImport")
            .WithSummary("What a source holds, and which sensor each series is likely to be")
            .WithDescription("Of files: csv and home_assistant by their whole path on the server. Nothing is changed.");
        api.MapPost("history/import", StartAsync)
            .WithTags(Tag)
            .WithName("StartHistoryImport")
            .WithSummary("Begins an import of history in the background")
            .WithDescription("Without a mapping every series becomes the sensor that it is likely to be. One import at a time; doing it twice changes nothing.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("history/import/resume", Resume)
            .WithTags(Tag)
            .WithName("ResumeHistoryImport")
            .WithSummary("Goes on with an import that was cancelled, interrupted or stopped")
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapDelete("history/import", Cancel)
            .WithTags(Tag)
            .WithName("CancelHistoryImport")
            .WithSummary("Cancels the import that is under way; what was taken stays");
    }

    private static NoContent Cancel(HistoryImport import)
    {
        import.Cancel();
        return TypedResults.NoContent();
    }

    private static Results<Accepted<ImportState>, ProblemHttpResult> Resume(HistoryImport import) => import.Resume()
        ? TypedResults.Accepted("/api/history/import", import.State)
        : Problems.Conflict("There is no import that could go on, or its source, heat pump or a sensor is no longer there.");

    private static Ok<ImportState> Report(HistoryImport import, HttpContext context)
    {
        var state = import.State;
        var begun = state.Progress.Started?.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture) ?? "none";
        context.Response.Headers.ContentDisposition = $"attachment; filename=import-{begun}.json";
        return TypedResults.Ok(state);
    }

    private static async Task<Results<Ok<HistorySurveyContract>, ValidationProblem, ProblemHttpResult>> SurveyAsync(
        Body<HistoryImportBody> body, HistoryImport import, LiveValues live, CancellationToken cancellationToken)
    {
        if (live.Find(body.Value.HeatPumpId.Value) is not { } state) return Problems.NoHeatPump(body.Value.HeatPumpId.Value);
        try
        {
            var survey = await import.SurveyAsync(await WithSettingsAsync(body.Value.Source, import, cancellationToken), cancellationToken);
            var proposals = SeriesProposals.Of(survey.Series, state.Sensors);
            return TypedResults.Ok(new HistorySurveyContract(
                [.. survey.Series.Select(series => new HistorySeriesContract(series, proposals.TryGetValue(series.Id, out var sensor) ? sensor : null))], survey.Notes));
        }
        catch (ImportException wrong)
        {
            return Problems.Invalid("source", wrong.Message);
        }
    }

    private static async Task<Results<Accepted<ImportState>, ValidationProblem, ProblemHttpResult>> StartAsync(
        Body<HistoryImportBody> body, HistoryImport import, LiveValues live, CancellationToken cancellationToken)
    {
        var asked = body.Value;
        if (live.Find(asked.HeatPumpId.Value) is not { } state) return Problems.NoHeatPump(asked.HeatPumpId.Value);
        try
        {
            var source = await WithSettingsAsync(asked.Source, import, cancellationToken);
            var mapping = asked.Mapping ?? Proposed(await import.SurveyAsync(source, cancellationToken), state.Sensors);
            var errors = import.Start(new ImportPlan(asked.HeatPumpId, source, mapping, asked.TogetherSeconds, asked.Replaces));
            return errors.Count > 0 ? Problems.Invalid(errors) : TypedResults.Accepted("/api/history/import", import.State);
        }
        catch (ImportException wrong)
        {
            return Problems.Invalid("source", wrong.Message);
        }
    }

    private static List<SeriesMapping> Proposed(ImportSurvey survey, SensorSet sensors)
    {
        var proposals = SeriesProposals.Of(survey.Series, sensors);
        return [.. survey.Series.Where(series => proposals.ContainsKey(series.Id)).Select(series => new SeriesMapping(series.Id, series.Name, proposals[series.Id], series.Unit))];
    }

    private static async ValueTask<ImportSource> WithSettingsAsync(ImportSource source, HistoryImport import, CancellationToken cancellationToken) =>
        source is { Kind: ImportKind.Csv, Csv: null, File: { } file } ? source with { Csv = (await import.LookAsync(file, null, cancellationToken)).Settings } : source;
}

/// <summary>What is to be imported.</summary>
public sealed record HistoryImportBody
{
    /// <summary>Whose history it becomes.</summary>
    public required HeatPumpId HeatPumpId { get; init; }

    /// <summary>Where it comes from.</summary>
    public required ImportSource Source { get; init; }

    /// <summary>Which series becomes which sensor; null for what is proposed.</summary>
    public IReadOnlyList<SeriesMapping>? Mapping { get; init; }

    /// <summary>Values at most so many seconds apart become one poll, 0 to 60.</summary>
    public double TogetherSeconds { get; init; }

    /// <summary>Whether values that are here already are replaced.</summary>
    public bool Replaces { get; init; }
}

/// <summary>What a source holds.</summary>
/// <param name="Series">Series.</param>
/// <param name="Notes">What should be known of it.</param>
public sealed record HistorySurveyContract(IReadOnlyList<HistorySeriesContract> Series, IReadOnlyList<string> Notes);

/// <summary>A series, and the sensor that it is likely to be.</summary>
/// <param name="Series">The series.</param>
/// <param name="Sensor">The sensor; null when none is likely.</param>
public sealed record HistorySeriesContract(FoundSeries Series, SensorKey? Sensor);

/// <summary>Checks what the import itself does not.</summary>
internal sealed class HistoryImportBodyValidator : AbstractValidator<HistoryImportBody>
{
    public HistoryImportBodyValidator() => RuleFor(body => body.Mapping)
        .Must(mapping => mapping is null || mapping.Count <= ImportSurvey.MostSeries)
        .OverridePropertyName("mapping")
        .WithMessage($"Must be at most {ImportSurvey.MostSeries} series.");
}
