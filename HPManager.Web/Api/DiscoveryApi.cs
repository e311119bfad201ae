using FluentValidation;
using HPManager.Core.Discovery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Api;

/// <summary>Looking for heat pumps on the network, when asked to.</summary>
internal static class DiscoveryApi
{
    public static void MapDiscovery(this RouteGroupBuilder api)
    {
        var discovery = api.MapGroup("discovery").WithTags("Discovery");
        discovery.MapGet("", Get).WithName("GetSearch").WithSummary("How far the search is, and what it has found");
        discovery.MapPost("", Start)
            .WithName("StartSearch")
            .WithSummary("Begins to look for heat pumps on private networks")
            .WithDescription("Nothing is ever searched without this. Without ranges the networks of this machine are searched. 409: a search is under way.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        discovery.MapDelete("", Cancel).WithName("CancelSearch").WithSummary("Ends the search; what it has found stays");
    }

    private static Ok<SearchContract> Get(NetworkSearch search) => TypedResults.Ok(SearchContract.Of(search.State));

    private static Results<Accepted<SearchContract>, ValidationProblem, ProblemHttpResult> Start(
        Body<SearchBody> body, NetworkSearch search, IOptions<DiscoveryOptions> options)
    {
        var ranges = body.Value.Ranges is { Count: > 0 } texts
            ? [.. texts.Select(text => AddressRange.TryParse(text, out var range) ? range : default)]
            : options.Value.Offered();
        if (ranges.Count == 0) return Problems.Invalid("ranges", "This machine is in no private network; name the ranges.");
        return search.TryStart([.. ranges.Take(NetworkSearch.MaxRanges)], out _)
            ? TypedResults.Accepted("/api/discovery", SearchContract.Of(search.State))
            : Problems.Conflict("A search is under way; DELETE ends it.", []);
    }

    private static NoContent Cancel(NetworkSearch search)
    {
        search.Cancel();
        return TypedResults.NoContent();
    }
}

/// <summary>What to search.</summary>
public sealed record SearchBody
{
    /// <summary>Private networks such as 192.168.1.0/24; empty for those of this machine.</summary>
    public IReadOnlyList<string>? Ranges { get; init; }
}

/// <summary>Checks the ranges.</summary>
internal sealed class SearchBodyValidator : AbstractValidator<SearchBody>
{
    public SearchBodyValidator() => RuleFor(body => body.Ranges)
        .Must(ranges => ranges is null || (ranges.Count <= NetworkSearch.MaxRanges && ranges.All(text => AddressRange.TryParse(text, out _))))
        .OverridePropertyName("ranges")
        .WithMessage($"Must be at most {NetworkSearch.MaxRanges} ranges, each {AddressRange.Format}.");
}

/// <summary>A search as it stands.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="Ranges">What is searched.</param>
/// <param name="Done">Addresses and ports that were asked.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Found">What was found so far.</param>
public sealed record SearchContract(SearchStatus Status, IReadOnlyList<string> Ranges, int Done, int Total, IReadOnlyList<Sighting> Found)
{
    internal static SearchContract Of(SearchState state) =>
        new(state.Status, [.. state.Ranges.Select(range => range.ToString())], state.Done, state.Total, state.Found);
}
