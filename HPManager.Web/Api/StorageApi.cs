using HPManager.Core.History;
using HPManager.Core.History.Engines;
using HPManager.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Api;

/// <summary>Where history is kept, and how that is doing.</summary>
internal static class StorageApi
{
    public static void MapStorage(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("storage").WithTags("Storage");
        group.MapGet("", GetAsync)
            .WithName("GetStorage")
            .WithSummary("What is kept, what it takes, and how far behind the engines are")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapPost("check", (IHistoryFile file, CancellationToken stop) => file.CheckAsync(null, stop).AsTask())
            .WithName("CheckHistory")
            .WithSummary("Reads and checks every reading that is kept; may take minutes")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("backup", BackUpAsync)
            .WithName("BackUpHistory")
            .WithSummary("A whole copy of the history's file, made while everything goes on")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapStorageSettings();
    }

    private static async Task<Ok<StorageContract>> GetAsync(
        IHistoryFile file, HistoryWriter writer, EngineFeeds feeds, DeviceWrites writes, HistorySettingsStore settings, CancellationToken cancellationToken)
    {
        var engines = await settings.EnginesAsync(cancellationToken);
        var statuses = await feeds.StatusAsync(cancellationToken);
        return TypedResults.Ok(new StorageContract(
            await file.StatusAsync(cancellationToken),
            writer.Status,
            writes.LastHour()?.Bytes,
            feeds.Source.Chosen ?? StorageContract.Embedded,
            feeds.Source.Instead,
            [.. engines.Select(engine => new EngineContract(engine.Type.Key, engine.IsOn, engine.Origins, statuses.GetValueOrDefault(engine.Type.Key)))]));
    }

    private static async Task<PhysicalFileHttpResult> BackUpAsync(
        IHistoryFile file, IOptions<StorageOptions> options, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        // In the data folder, because that is where there is room for it; gone with the answer.
        var copy = Path.Combine(Path.GetFullPath(options.Value.DataFolder), $"history-{Guid.NewGuid():N}.backup");
        context.Response.OnCompleted(() =>
        {
            File.Delete(copy);
            return Task.CompletedTask;
        });
        await file.BackUpAsync(copy, cancellationToken);
        return TypedResults.PhysicalFile(copy, "application/vnd.sqlite3", $"history-{time.GetUtcNow():yyyy-MM-dd}.db");
    }
}

/// <summary>Where history is kept.</summary>
/// <param name="File">The embedded store's file.</param>
/// <param name="Writer">What waits to be written there.</param>
/// <param name="WrittenInLastHour">Bytes that this program wrote to disk within the last hour, or since the start; null where the kernel does not tell.</param>
/// <param name="Source">Where charts read from: <c>embedded</c>, or the key of an engine.</param>
/// <param name="SourceInstead">Why the embedded store answers instead of that engine; null when the engine does.</param>
/// <param name="Engines">The engines that are set up.</param>
public sealed record StorageContract(
    HistoryFileStatus File, HistoryWriterStatus Writer, long? WrittenInLastHour, string Source, string? SourceInstead, IReadOnlyList<EngineContract> Engines)
{
    /// <summary>The embedded store, among sources.</summary>
    internal const string Embedded = "embedded";
}

/// <summary>An engine beside the embedded store. GET /api/storage/engines tells its settings.</summary>
/// <param name="Type">Key of its type.</param>
/// <param name="IsOn">Whether it is fed.</param>
/// <param name="Origins">Where each setting comes from.</param>
/// <param name="Status">How it is doing; null when it is off.</param>
public sealed record EngineContract(string Type, bool IsOn, IReadOnlyDictionary<string, ValueOrigin> Origins, EngineStatus? Status);
