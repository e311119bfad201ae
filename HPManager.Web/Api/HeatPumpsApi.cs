using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>The configured heat pumps.</summary>
internal static class HeatPumpsApi
{
    public static void MapHeatPumps(this RouteGroupBuilder api)
    {
        var heatPumps = api.MapGroup("heatpumps").WithTags("Heat pumps");
        heatPumps.MapGet("", List)
            .WithName("ListHeatPumps")
            .WithSummary("All configured heat pumps and how they are doing");
        heatPumps.MapPost("", AddAsync)
            .WithName("AddHeatPump")
            .WithSummary("Configures a heat pump; it is polled at once");
        heatPumps.MapPost("test", TestAsync)
            .WithName("TestConnection")
            .WithSummary("Tries a connection without saving anything")
            .WithDescription("Answers 200 in both cases: ok with the readings found, or not ok with cause, message and hint. Takes up to 30 seconds.");
        heatPumps.MapGet("{id}", Get)
            .WithName("GetHeatPump")
            .WithSummary("A configured heat pump and how it is doing")
            .ProducesProblem(StatusCodes.Status404NotFound);
        heatPumps.MapPut("{id}", UpdateAsync)
            .WithName("UpdateHeatPump")
            .WithSummary("Replaces a heat pump's configuration; it takes effect at once")
            .ProducesProblem(StatusCodes.Status404NotFound);
        heatPumps.MapDelete("{id}", RemoveAsync)
            .WithName("RemoveHeatPump")
            .WithSummary("Removes a heat pump with its dashboards, alerts, jobs and history")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<HeatPumpContract[]> List(LiveValues live) => TypedResults.Ok(live.All.Select(HeatPumpContract.Of).ToArray());

    private static Results<Ok<HeatPumpContract>, ProblemHttpResult> Get(string id, LiveValues live) =>
        live.Find(id) is { } state ? TypedResults.Ok(HeatPumpContract.Of(state)) : Problems.NoHeatPump(id);

    private static async Task<Results<Created<HeatPumpContract>, ValidationProblem>> AddAsync(
        Body<HeatPumpContract> body,
        HeatPumpDirectory directory,
        ManufacturerRegistry registry,
        LiveValues live,
        CancellationToken cancellationToken)
    {
        var saved = await directory.AddAsync(body.Value.ToHeatPump(default, registry), cancellationToken);
        return saved.HeatPump is { } added
            ? TypedResults.Created($"/api/heatpumps/{added.Id}", Answer(added, registry, live))
            : Problems.Invalid(saved.Errors);
    }

    private static async Task<Results<Ok<HeatPumpContract>, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        string id,
        Body<HeatPumpContract> body,
        HeatPumpDirectory directory,
        ManufacturerRegistry registry,
        LiveValues live,
        CancellationToken cancellationToken)
    {
        if (!HeatPumpId.TryParse(id, out var parsed)) return Problems.NoHeatPump(id);
        if (body.Value.Id is { } given && given != id)
            return Problems.Invalid("id", $"Must be left out or {id}, as in the path; an id never changes.");
        var saved = await directory.UpdateAsync(body.Value.ToHeatPump(parsed, registry), cancellationToken);
        if (saved.IsNotFound) return Problems.NoHeatPump(id);
        return saved.HeatPump is { } changed ? TypedResults.Ok(Answer(changed, registry, live)) : Problems.Invalid(saved.Errors);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string id, HeatPumpDirectory directory, CancellationToken cancellationToken) =>
        HeatPumpId.TryParse(id, out var parsed) && await directory.RemoveAsync(parsed, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NoHeatPump(id);

    private static async Task<Results<Ok<ConnectionTestContract>, ValidationProblem>> TestAsync(
        Body<HeatPumpContract> body,
        HeatPumpDirectory directory,
        ManufacturerRegistry registry,
        ConnectionTest test,
        LiveValues live,
        CancellationToken cancellationToken)
    {
        var candidate = body.Value.ToHeatPump(default, registry);
        if (body.Value.Id is { } id && live.Find(id) is { } known) candidate = known.Model.WithSecretsOf(candidate, known.HeatPump);
        var errors = directory.CheckConnection(candidate);
        return errors.Count > 0
            ? Problems.Invalid(errors)
            : TypedResults.Ok(ConnectionTestContract.Of(await test.RunAsync(candidate, cancellationToken)));
    }

    private static HeatPumpContract Answer(HeatPump heatPump, ManufacturerRegistry registry, LiveValues live) =>
        HeatPumpContract.Of(heatPump, registry) with { Status = live.Get(heatPump.Id) is { } state ? HeatPumpStatus.Of(state) : null };
}

/// <summary>What a connection test found.</summary>
/// <param name="Ok">Whether the heat pump answered as its model does.</param>
/// <param name="Cause">Why not, when not ok.</param>
/// <param name="Message">What happened, when not ok.</param>
/// <param name="Hint">What to do about it; null when nothing is known.</param>
/// <param name="At">Time of the readings, UTC, when ok.</param>
/// <param name="Readings">What was read, when ok.</param>
public sealed record ConnectionTestContract(
    bool Ok, FailureCause? Cause, string? Message, string? Hint, DateTimeOffset? At, IReadOnlyList<ReadingContract> Readings)
{
    internal static ConnectionTestContract Of(ConnectionTestResult result) => result.Snapshot is { } snapshot
        ? new ConnectionTestContract(true, null, null, null, snapshot.At, ReadingContract.ListOf(snapshot))
        : new ConnectionTestContract(false, result.Failure?.Cause, result.Failure?.Message, result.Failure?.Hint, null, []);
}

/// <summary>Finds a heat pump by the text of a path.</summary>
internal static class LiveLookup
{
    public static HeatPumpState? Find(this LiveValues live, string id) => HeatPumpId.TryParse(id, out var parsed) ? live.Get(parsed) : null;
}
