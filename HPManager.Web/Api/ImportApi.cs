using FluentValidation;
using HPManager.Drivers.Import;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>Taking over the configuration of earlier collectors.</summary>
internal static class ImportApi
{
    public static void MapImport(this RouteGroupBuilder api) => api.MapPost("import", RunAsync)
        .WithTags("Import")
        .WithName("ImportConfiguration")
        .WithSummary("Takes over heatpumps.yml, registers.yml and collector.yml, or the file of a single iDM, and answers what was taken and what was not")
        .WithDescription("checkOnly true changes nothing and says what would be. Doing it twice changes nothing; what was edited here since is kept.");

    private static async Task<Ok<ImportReport>> RunAsync(Body<ImportBody> body, LegacyImport import, CancellationToken cancellationToken) =>
        TypedResults.Ok(await import.RunAsync(body.Value.Files, body.Value.CheckOnly, cancellationToken));
}

/// <summary>Files to import.</summary>
public sealed record ImportBody
{
    /// <summary>Texts by file name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Only say what would be taken.</summary>
    public bool CheckOnly { get; init; }
}

/// <summary>Checks the amount; what the files hold is for the import to say.</summary>
internal sealed class ImportBodyValidator : AbstractValidator<ImportBody>
{
    public ImportBodyValidator() => RuleFor(body => body.Files)
        .Must(files => files.Count is >= 1 and <= LegacyImport.MaxFiles && files.Keys.All(name => name.Length is >= 1 and <= 200))
        .OverridePropertyName("files")
        .WithMessage($"Must be 1 to {LegacyImport.MaxFiles} files, each with a name of at most 200 characters.");
}
