using HPManager.Core.Live;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>The newest readings.</summary>
internal static class ReadingsApi
{
    public static void MapReadings(this RouteGroupBuilder api)
    {
        api.MapGet("readings", List)
            .WithTags("Readings")
            .WithName("ListReadings")
            .WithSummary("The newest snapshot of every heat pump");
        api.MapGet("heatpumps/{id}/readings", Get)
            .WithTags("Readings")
            .WithName("GetReadings")
            .WithSummary("The newest snapshot of a heat pump")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<SnapshotContract[]> List(LiveValues live) => TypedResults.Ok(live.All.Select(SnapshotContract.Of).ToArray());

    private static Results<Ok<SnapshotContract>, ProblemHttpResult> Get(string id, LiveValues live) =>
        live.Find(id) is { } state ? TypedResults.Ok(SnapshotContract.Of(state)) : Problems.NoHeatPump(id);
}
