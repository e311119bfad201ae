using System.Text.Json;
using FluentValidation;
using HPManager.Core.Control;
using HPManager.Core.HeatPumps;
using HPManager.Core.Live;
using HPManager.Core.Sensors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>Writing a sensor.</summary>
internal static class WritesApi
{
    public static void MapWrites(this RouteGroupBuilder api)
    {
        MapWrite(api);
        api.MapDelete("heatpumps/{id}/sensors/{key}/hold", Release)
            .WithTags("Control")
            .WithName("ReleaseSensor")
            .WithSummary("Stops repeating a value that the heat pump would forget")
            .WithDescription("204: released, the heat pump keeps or forgets the value as it likes. 404: no such heat pump, or nothing is held for the sensor.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void MapWrite(RouteGroupBuilder api) => api.MapPut("heatpumps/{id}/sensors/{key}", WriteAsync)
        .WithTags("Control")
        .WithName("WriteSensor")
        .WithSummary("Writes a sensor and answers what was sent and what was read back")
        .WithDescription(
            "Waits until the heat pump shows the value, some seconds as a rule. 200: confirmed, unchanged (it had the value already, nothing was "
            + "sent) or sent (it cannot be read back). 400: not allowed, nothing was sent; errors names value or sensor and what is allowed. 404: no such heat pump or "
            + "sensor. 409: not now (switched off, another write under way), or the heat pump refused the value or kept its own; outcome tells "
            + "which. 502: the link failed, and it is not known whether the heat pump took the value. "
            + "outcome has the form of a 200 answer.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<Results<Ok<WriteContract>, ValidationProblem, ProblemHttpResult>> WriteAsync(
        string id, string key, Body<WriteBody> body, LiveValues live, WriteControl control, CancellationToken cancellationToken)
    {
        if (live.Find(id) is not { } state) return Problems.NoHeatPump(id);
        if (!SensorKey.TryParse(key, out var parsed) || !state.Sensors.TryGet(parsed, out var sensor))
            return Problems.NotFound($"{state.HeatPump.Id} has no sensor {key}.");
        if (!sensor.IsWritable) return Problems.Invalid("sensor", $"{sensor.Label} can only be read.");

        var request = new WriteRequest(state.HeatPump.Id, sensor.Key, body.Value.Text, "rest");
        return Answer(request, sensor, await control.WriteAsync(request, cancellationToken));
    }

    private static Results<NoContent, ProblemHttpResult> Release(string id, string key, LiveValues live, HeldWrites held)
    {
        if (live.Find(id) is not { } state) return Problems.NoHeatPump(id);
        return SensorKey.TryParse(key, out var sensor) && held.Release(state.HeatPump.Id, sensor)
            ? TypedResults.NoContent()
            : Problems.NotFound($"Nothing is held for {key} of {state.HeatPump.Id}.");
    }

    private static Results<Ok<WriteContract>, ValidationProblem, ProblemHttpResult> Answer(
        WriteRequest request, SensorDefinition sensor, WriteOutcome outcome)
    {
        var answer = WriteContract.Of(request, sensor, outcome);
        return outcome.Status switch
        {
            WriteStatus.Rejected when outcome.Field is "value" => Problems.Invalid("value", outcome.Message),
            WriteStatus.Rejected or WriteStatus.Refused or WriteStatus.Reverted => Problems.Conflict(outcome.Message, answer.AsExtension()),
            WriteStatus.Unknown => Problems.BadGateway(outcome.Message, answer.AsExtension()),
            _ => TypedResults.Ok(answer),
        };
    }
}

/// <summary>What to write.</summary>
public sealed record WriteBody
{
    /// <summary>A number in the sensor's unit, a code or its word, or true / false; a number may also be given as text.</summary>
    public required JsonElement Value { get; init; }

    internal string Text => Value.ValueKind switch
    {
        JsonValueKind.String => Value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => Value.GetRawText(),
    };
}

/// <summary>Checks the form of a value; whether the sensor takes it is for Control to say.</summary>
internal sealed class WriteBodyValidator : AbstractValidator<WriteBody>
{
    private const int MaxLength = 100;

    public WriteBodyValidator() => RuleFor(body => body.Value)
        .Must(value => value.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False
            && value.GetRawText().Length <= MaxLength)
        .OverridePropertyName("value")
        .WithMessage($"Must be a number, a text of at most {MaxLength} characters, or true or false.");
}

/// <summary>How a write ended.</summary>
/// <param name="HeatPumpId">Whose sensor.</param>
/// <param name="Sensor">Which sensor.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Sent">What was sent, in the sensor's unit or as its code; null when nothing was.</param>
/// <param name="SentText">Its word, for codes.</param>
/// <param name="ReadBack">What was read back afterwards; null when nothing could be.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record WriteContract(
    HeatPumpId HeatPumpId, SensorKey Sensor, WriteStatus Status, double? Sent, string? SentText, ReadingContract? ReadBack, string Message)
{
    internal static WriteContract Of(WriteRequest request, SensorDefinition sensor, WriteOutcome outcome) => new(
        request.HeatPumpId,
        sensor.Key,
        outcome.Status,
        outcome.Sent,
        outcome.SentText,
        outcome.ReadBack is { } reading ? ReadingContract.Of(sensor, reading, snapshotAt: null) : null,
        outcome.Message);

    internal IEnumerable<KeyValuePair<string, object?>> AsExtension() => [new("outcome", this)];
}
