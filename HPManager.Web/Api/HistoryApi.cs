using System.ComponentModel;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace HPManager.Web.Api;

/// <summary>What was read earlier.</summary>
internal static class HistoryApi
{
    private const int DefaultPoints = 1000;
    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(24);

    public static void MapHistory(this RouteGroupBuilder api) => api.MapGet("heatpumps/{id}/history", GetAsync)
        .WithTags("History")
        .WithName("GetHistory")
        .WithSummary("Earlier values of some sensors, as columns over common times")
        .WithDescription(
            "More polls than the points asked for are thinned to buckets of equal width, aligned to whole multiples of it: each gives minimum, mean, maximum and last value of "
            + "every sensor, so that no peak vanishes. Otherwise each poll is a row, and the four are the same.")
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            // Taken as text, so that a wrong one is answered like every other wrong field.
            if (operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == "points") is { } points)
                points.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "2", Maximum = $"{HistoryQuery.MaxPoints}" };
            return Task.CompletedTask;
        })
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<HistoryContract>, ValidationProblem, ProblemHttpResult>> GetAsync(
        string id,
        [FromQuery, Description("Keys of 1 to 64 sensors: repeated, or with commas.")] string[] sensor,
        [FromQuery, Description("First moment, inclusive: ISO 8601, or back from now, such as -7d. Default: 24 hours before to.")] string? from,
        [FromQuery, Description("Last moment, exclusive, likewise. Default: now.")] string? to,
        [FromQuery, Description("At most so many rows, 2 to 20000. Default: 1000.")] string? points,
        LiveValues live,
        IHistorySource history,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (live.Find(id) is not { } state) return Problems.NoHeatPump(id);
        var errors = new List<FieldError>();
        var sensors = SensorsOf(sensor, state, errors);
        var (start, end) = RangeOf(from, to, time.GetUtcNow(), errors);
        var query = new HistoryQuery(state.HeatPump.Id, sensors, start, end, PointsOf(points, errors));
        return errors.Count > 0
            ? Problems.Invalid(errors)
            : TypedResults.Ok(HistoryContract.Of(query, await history.QueryAsync(query, cancellationToken)));
    }

    private static List<SensorKey> SensorsOf(string[] given, HeatPumpState state, List<FieldError> errors)
    {
        var names = NamesOf(given);
        if (names.Count is 0 or > HistoryQuery.MaxSensors)
        {
            errors.Add(new FieldError("sensor", $"Give the keys of 1 to {HistoryQuery.MaxSensors} sensors, such as ?sensor=outdoor_temperature."));
            return [];
        }

        return KnownOf(names, state, errors);
    }

    /// <summary>Keys as they were given: repeated, or with commas.</summary>
    internal static List<string> NamesOf(string[] given) =>
        [.. given.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];

    /// <summary>The sensors of these names that have readings; what is none is an error.</summary>
    internal static List<SensorKey> KnownOf(List<string> names, HeatPumpState state, List<FieldError> errors)
    {
        var known = state.Sensors;
        var sensors = new List<SensorKey>(names.Count);
        foreach (var name in names)
        {
            if (SensorKey.TryParse(name, out var key) && known.TryGet(key, out var definition) && definition.IsReadable)
                sensors.Add(key);
            else
                errors.Add(new FieldError("sensor", $"{state.HeatPump.Id} reads no sensor '{name}'; GET /api/heatpumps/{state.HeatPump.Id}/readings lists all."));
        }

        return sensors;
    }

    /// <summary>The range as it was given; the last 24 hours otherwise.</summary>
    internal static (DateTimeOffset Start, DateTimeOffset End) RangeOf(string? from, string? to, DateTimeOffset now, List<FieldError> errors)
    {
        var end = MomentOf("to", to, now, now, errors);
        var start = MomentOf("from", from, now, end - DefaultRange, errors);
        if (errors.Count == 0 && start >= end)
            errors.Add(new FieldError("from", $"Must be earlier than to, which is {end:yyyy-MM-dd'T'HH:mm:ss'Z'}."));
        return (start, end);
    }

    private static DateTimeOffset MomentOf(string field, string? text, DateTimeOffset now, DateTimeOffset otherwise, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        if (Moment.TryParse(text, now, out var moment)) return moment;
        errors.Add(new FieldError(field, Moment.Allowed));
        return now;
    }

    private static int PointsOf(string? text, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(text)) return DefaultPoints;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var points) && points is >= 2 and <= HistoryQuery.MaxPoints)
            return points;
        errors.Add(new FieldError("points", $"Must be a whole number from 2 to {HistoryQuery.MaxPoints}."));
        return DefaultPoints;
    }
}

/// <summary>Columns over common, ascending times.</summary>
/// <param name="HeatPumpId">Whose history.</param>
/// <param name="From">First moment asked for, inclusive, UTC.</param>
/// <param name="To">Last moment asked for, exclusive, UTC.</param>
/// <param name="BucketSeconds">Width of a bucket; 0 when nothing was thinned.</param>
/// <param name="Times">Rows, UTC.</param>
/// <param name="Sensors">Columns of each sensor, each as long as times; null is a gap.</param>
/// <param name="Source">Where it was read from: embedded, or the key of an engine. Embedded also when an engine was chosen that cannot be read now.</param>
public sealed record HistoryContract(
    HeatPumpId HeatPumpId,
    DateTimeOffset From,
    DateTimeOffset To,
    double BucketSeconds,
    IReadOnlyList<DateTimeOffset> Times,
    IReadOnlyDictionary<string, HistoryColumnContract> Sensors,
    string Source)
{
    internal static HistoryContract Of(HistoryQuery query, HistoryTable table) => new(
        query.HeatPumpId,
        query.From,
        query.To,
        table.BucketWidth.TotalSeconds,
        table.Times,
        query.Sensors.Zip(table.Columns).ToDictionary(pair => pair.First.Value, pair => HistoryColumnContract.Of(pair.Second, table.BucketWidth)),
        table.ReadFrom ?? StorageContract.Embedded);
}

/// <summary>A sensor over the rows.</summary>
/// <param name="Mean">Value of each poll, or mean of each bucket.</param>
/// <param name="Min">Smallest value of each bucket; left out when nothing was thinned.</param>
/// <param name="Max">Largest value of each bucket; left out when nothing was thinned.</param>
/// <param name="Last">Latest value of each bucket; left out when nothing was thinned.</param>
/// <param name="Count">How many values each bucket has; left out when nothing was thinned.</param>
public sealed record HistoryColumnContract(double?[] Mean, double?[]? Min, double?[]? Max, double?[]? Last, int[]? Count)
{
    internal static HistoryColumnContract Of(HistoryColumn column, TimeSpan bucketWidth) => bucketWidth == TimeSpan.Zero
        ? new HistoryColumnContract(column.Mean, null, null, null, null)
        : new HistoryColumnContract(column.Mean, column.Min, column.Max, column.Last, column.Count);
}
