using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Live;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>What the page Storage can change: how long history is kept, where charts read from, and the engines beside the embedded store.</summary>
internal static class StorageSettingsApi
{
    public static void MapStorageSettings(this RouteGroupBuilder storage)
    {
        storage.MapGet("settings", GetSettingsAsync).WithName("GetStorageSettings").WithSummary("How long history is kept, and where charts and REST read from");
        storage.MapPut("settings", PutSettingsAsync)
            .WithName("UpdateStorageSettings")
            .WithSummary("Replaces how long history is kept, and where charts and REST read from")
            .WithDescription("What is older or more than is kept is let go within the hour and cannot be brought back; the aggregates of each hour stay for ever. What is left out is for ever, and the embedded store.");
        storage.MapGet("engines", ListEnginesAsync).WithName("ListStorageEngines").WithSummary("The engines that there are, their parameters, and how they are set up");
        storage.MapPut("engines/{type}", PutEngineAsync)
            .WithName("SetUpStorageEngine")
            .WithSummary("Sets an engine up, or changes it")
            .WithDescription(
                "It is fed at once, oldest first. Secrets are never told; one that a request leaves out stays as it is as long as the engine's address does, and an empty one is taken away.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        storage.MapDelete("engines/{type}", RemoveEngineAsync)
            .WithName("RemoveStorageEngine")
            .WithSummary("Takes an engine away; what it holds stays there")
            .WithDescription("Charts and REST read from the embedded store again when they read from it. One that the environment names stays, with what the environment says of it: switch it off instead.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        storage.MapPost("engines/{type}/test", TestEngineAsync)
            .WithName("TestStorageEngine")
            .WithSummary("Asks an engine whether it answers, takes the credentials, and knows the database or bucket; nothing is saved")
            .WithDescription("Secrets as in PUT. 502: it does not, and why.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async Task<Ok<StorageSettingsContract>> GetSettingsAsync(HistorySettingsStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(StorageSettingsContract.Of(await store.ReadAsync(cancellationToken)));

    private static async Task<Results<Ok<StorageSettingsContract>, ValidationProblem>> PutSettingsAsync(
        Body<StorageSettingsContract> body, HistorySettingsStore store, LiveValues live, CancellationToken cancellationToken)
    {
        var known = (await store.ReadAsync(cancellationToken)).KeepingOf;
        var unknown = (body.Value.KeepingOf ?? []).Keys.Where(id => !known.ContainsKey(id) && live.Find(id) is null)
            .Select(id => new FieldError($"keepingOf.{id}", $"There is no such heat pump; an id is {HeatPumpId.Format}.")).ToList();
        if (unknown.Count > 0) return Problems.Invalid(unknown);
        var errors = await store.ChangeAsync(body.Value.Into, cancellationToken);
        return errors.Count > 0 ? Problems.Invalid(errors) : TypedResults.Ok(StorageSettingsContract.Of(await store.ReadAsync(cancellationToken)));
    }

    private static async Task<Ok<IReadOnlyList<StorageEngineContract>>> ListEnginesAsync(HistorySettingsStore store, CancellationToken cancellationToken)
    {
        var engines = await store.EnginesAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<StorageEngineContract>>(
            [.. store.Types.Select(type => StorageEngineContract.Of(type, engines.FirstOrDefault(engine => engine.Type.Key == type.Key)))]);
    }

    private static async Task<Results<Ok<StorageEngineContract>, ValidationProblem, ProblemHttpResult>> PutEngineAsync(
        string type, Body<EngineBody> body, HistorySettingsStore store, CancellationToken cancellationToken)
    {
        if (store.Types.FirstOrDefault(one => one.Key == type) is not { } chosen) return NoEngine(type, store);
        var errors = await store.ChangeAsync(
            settings =>
            {
                var known = settings.Engines.FirstOrDefault(engine => engine.Type == type);
                return settings with { Engines = [.. settings.Engines.Where(engine => engine != known), store.WithKeptSecrets(body.Value.Of(type), known)] };
            },
            cancellationToken);
        if (errors.Count > 0) return Problems.Invalid(errors.Select(error => Renamed(error, type)));
        return TypedResults.Ok(StorageEngineContract.Of(chosen, (await store.EnginesAsync(cancellationToken)).First(engine => engine.Type == chosen)));
    }

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> RemoveEngineAsync(string type, HistorySettingsStore store, CancellationToken cancellationToken)
    {
        if ((await store.ReadAsync(cancellationToken)).Engines.All(engine => engine.Type != type)) return Problems.NotFound($"No engine {type} was set up here.");
        var errors = await store.ChangeAsync(settings => settings.Without(type), cancellationToken);
        return errors.Count > 0 ? Problems.Invalid(errors) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<EngineAnswerContract>, ValidationProblem, ProblemHttpResult>> TestEngineAsync(
        string type, Body<EngineBody> body, HistorySettingsStore store, CancellationToken cancellationToken)
    {
        if (store.Types.FirstOrDefault(one => one.Key == type) is not { } chosen) return NoEngine(type, store);
        var known = (await store.ReadAsync(cancellationToken)).Engines.FirstOrDefault(engine => engine.Type == type);
        var settings = store.Effective(chosen, store.WithKeptSecrets(body.Value.Of(type), known))!.Settings;
        var errors = chosen.Parameters.Check(settings, "settings").ToList();
        if (errors.Count > 0) return Problems.Invalid(errors);
        try
        {
            await using var engine = chosen.Create(settings);
            return TypedResults.Ok(new EngineAnswerContract(await engine.TestAsync(cancellationToken)));
        }
        catch (EngineException fault)
        {
            return TypedResults.Problem(fault.Message, statusCode: StatusCodes.Status502BadGateway, title: "The engine did not answer as it should");
        }
    }

    private static ProblemHttpResult NoEngine(string type, HistorySettingsStore store) =>
        Problems.NotFound($"There is no engine {type}; there are {string.Join(", ", store.Types.Select(known => known.Key))}.");

    private static FieldError Renamed(FieldError error, string type)
    {
        var prefix = $"engines.{type}.";
        return error.Field.StartsWith(prefix, StringComparison.Ordinal) ? error with { Field = "settings." + error.Field[prefix.Length..] } : error;
    }
}

/// <summary>What an owner has chosen about history. An answer can be changed and sent back as it is.</summary>
public sealed record StorageSettingsContract
{
    /// <summary>Where charts and REST read from: embedded, or the key of an engine that is set up.</summary>
    public string Source { get; init; } = StorageContract.Embedded;

    /// <summary>How long every heat pump's readings are kept at full resolution where keepingOf says nothing else; null for ever.</summary>
    public KeepingContract? Keeping { get; init; }

    /// <summary>Likewise, of single heat pumps, by id.</summary>
    public Dictionary<string, KeepingContract>? KeepingOf { get; init; }

    internal static StorageSettingsContract Of(HistorySettings settings) => new()
    {
        Source = settings.Source ?? StorageContract.Embedded,
        Keeping = KeepingContract.Of(settings.Keeping),
        KeepingOf = settings.KeepingOf.ToDictionary(one => one.Key, one => KeepingContract.Of(one.Value)),
    };

    internal HistorySettings Into(HistorySettings settings) => settings with
    {
        Source = Source == StorageContract.Embedded ? null : Source,
        Keeping = Keeping?.ToKeeping() ?? HistoryKeeping.ForEver,
        KeepingOf = (KeepingOf ?? []).ToDictionary(one => one.Key, one => one.Value.ToKeeping()),
    };
}

/// <summary>How long readings are kept at full resolution.</summary>
public sealed record KeepingContract
{
    /// <summary>At most so many days, 1 to 36500; null without a limit.</summary>
    public int? Days { get; init; }

    /// <summary>At most so many megabytes on disk for one heat pump, 1 to 1000000; null without a limit.</summary>
    public int? Megabytes { get; init; }

    internal static KeepingContract Of(HistoryKeeping keeping) => new() { Days = keeping.Days, Megabytes = keeping.Megabytes };

    internal HistoryKeeping ToKeeping() => new(Days, Megabytes);
}

/// <summary>An engine as it is to be.</summary>
public sealed record EngineBody
{
    /// <summary>The type's parameters, as GET /api/storage/engines lists them; those left out come from the environment, or take their defaults.</summary>
    public required Settings Settings { get; init; }

    /// <summary>Whether it is fed.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>Whether it also gets what was kept before it was set up.</summary>
    public bool WithPast { get; init; } = true;

    internal EngineSettings Of(string type) => new(type, Settings, IsOn, WithPast);
}

/// <summary>An engine that can be fed beside the embedded store.</summary>
/// <param name="Type">Key of its type.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Description">What it is good for.</param>
/// <param name="Parameters">What can be given.</param>
/// <param name="Environment">Environment variables that fill in what was not given, by the parameter's key.</param>
/// <param name="Settings">The values in use, those of environment and defaults too, secrets left out; null when it is not set up.</param>
/// <param name="Origins">Where each value comes from, by key; null likewise.</param>
/// <param name="IsOn">Whether it is fed.</param>
/// <param name="WithPast">Whether it gets what was kept before it was set up.</param>
public sealed record StorageEngineContract(
    string Type,
    string Name,
    string Description,
    IReadOnlyList<ParameterDefinition> Parameters,
    IReadOnlyDictionary<string, string> Environment,
    Settings? Settings,
    IReadOnlyDictionary<string, ValueOrigin>? Origins,
    bool IsOn,
    bool WithPast)
{
    internal static StorageEngineContract Of(IHistoryEngineType type, EffectiveEngine? engine) => new(
        type.Key,
        type.Name,
        type.Description,
        type.Parameters,
        type.Environment,
        engine?.Settings.Without(type.Parameters),
        engine?.Origins,
        engine?.IsOn ?? false,
        engine?.WithPast ?? true);
}

/// <summary>What an engine answered.</summary>
/// <param name="Engine">What it is, and what it says of itself.</param>
public sealed record EngineAnswerContract(string Engine);
