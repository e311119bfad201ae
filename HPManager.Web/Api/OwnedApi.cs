using System.ComponentModel;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HPManager.Web.Api;

/// <summary>What differs between the things that belong to a heat pump.</summary>
/// <param name="Path">Below /api: <c>dashboards</c>.</param>
/// <param name="Name">One of them, in the names of operations: <c>Dashboard</c>.</param>
/// <param name="Purpose">One of them, in words: <c>a dashboard</c>.</param>
/// <param name="IdOf">Its id.</param>
/// <param name="WithId">It under another id.</param>
internal sealed record OwnedArea<T>(string Path, string Name, string Purpose, Func<T, int> IdOf, Func<T, int, T> WithId)
    where T : class;

/// <summary>The same five operations for everything that an owner keeps for a heat pump.</summary>
internal static class OwnedApi
{
    public static void MapOwned<T>(this RouteGroupBuilder api, OwnedArea<T> area)
        where T : class
    {
        var group = api.MapGroup(area.Path).WithTags(char.ToUpperInvariant(area.Path[0]) + area.Path[1..]);
        group.MapGet("", ListAsync<T>)
            .WithName($"List{area.Name}s")
            .WithSummary($"All {area.Path}, or those of one heat pump");
        group.MapPost("", (Body<T> body, IOwnedStore<T> store, CancellationToken stop) => AddAsync(area, body, store, stop))
            .WithName($"Add{area.Name}")
            .WithSummary($"Keeps {area.Purpose}; its id is given");
        group.MapGet("{id}", (string id, IOwnedStore<T> store, CancellationToken stop) => GetAsync(area, id, store, stop))
            .WithName($"Get{area.Name}")
            .WithSummary($"Finds {area.Purpose}")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut(
                "{id}",
                (string id, Body<T> body, IOwnedStore<T> store, CancellationToken stop) => UpdateAsync(area, id, body, store, stop))
            .WithName($"Update{area.Name}")
            .WithSummary($"Replaces {area.Purpose}")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("{id}", (string id, IOwnedStore<T> store, CancellationToken stop) => RemoveAsync(area, id, store, stop))
            .WithName($"Remove{area.Name}")
            .WithSummary($"Removes {area.Purpose}")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<IReadOnlyList<T>>, ValidationProblem>> ListAsync<T>(
        [FromQuery, Description("Only those of this heat pump.")] string? heatPumpId,
        IOwnedStore<T> store,
        LiveValues live,
        CancellationToken cancellationToken)
        where T : class
    {
        if (string.IsNullOrEmpty(heatPumpId)) return TypedResults.Ok(await store.ListAsync(null, cancellationToken));
        return live.Find(heatPumpId) is { } state
            ? TypedResults.Ok(await store.ListAsync(state.HeatPump.Id, cancellationToken))
            : Problems.Invalid("heatPumpId", $"There is no heat pump '{heatPumpId}'; an id is {HeatPumpId.Format}.");
    }

    private static async Task<Results<Created<T>, ValidationProblem>> AddAsync<T>(
        OwnedArea<T> area, Body<T> body, IOwnedStore<T> store, CancellationToken cancellationToken)
        where T : class
    {
        var added = await store.AddAsync(area.WithId(body.Value, 0), cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/{area.Path}/{area.IdOf(added)}"), added);
    }

    private static async Task<Results<Ok<T>, ProblemHttpResult>> GetAsync<T>(
        OwnedArea<T> area, string id, IOwnedStore<T> store, CancellationToken cancellationToken)
        where T : class =>
        TryParseId(id, out var number) && await store.FindAsync(number, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : None(area, id);

    private static async Task<Results<Ok<T>, ValidationProblem, ProblemHttpResult>> UpdateAsync<T>(
        OwnedArea<T> area, string id, Body<T> body, IOwnedStore<T> store, CancellationToken cancellationToken)
        where T : class
    {
        if (!TryParseId(id, out var number)) return None(area, id);
        if (area.IdOf(body.Value) is not 0 and var given && given != number)
            return Problems.Invalid("id", $"Must be left out or {number}, as in the path; an id never changes.");
        var changed = area.WithId(body.Value, number);
        return await store.UpdateAsync(changed, cancellationToken) ? TypedResults.Ok(changed) : None(area, id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync<T>(
        OwnedArea<T> area, string id, IOwnedStore<T> store, CancellationToken cancellationToken)
        where T : class =>
        TryParseId(id, out var number) && await store.RemoveAsync(number, cancellationToken) ? TypedResults.NoContent() : None(area, id);

    private static bool TryParseId(string id, out int number) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ProblemHttpResult None<T>(OwnedArea<T> area, string id)
        where T : class => Problems.NotFound($"There is nothing under {id}; GET /api/{area.Path} lists all.");
}
