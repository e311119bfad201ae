using System.Globalization;
using HPManager.Core.HeatPumps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HPManager.Web.Api;

/// <summary>Answers for what went wrong, as problem details (RFC 9457). Those of a request's fields carry <c>errors: { field: [message] }</c>.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static ValidationProblem Invalid(IEnumerable<FieldError> errors) => TypedResults.ValidationProblem(
        errors.GroupBy(error => error.Field).ToDictionary(group => group.Key, group => group.Select(error => error.Message).Distinct().ToArray()),
        title: "The request is not valid",
        detail: "See errors: each names a field and what is allowed.");

    public static ValidationProblem Invalid(string field, string message) => Invalid([new FieldError(field, message)]);

    public static ProblemHttpResult NoHeatPump(string id) =>
        TypedResults.Problem(
            HeatPumpId.TryParse(id, out _) ? $"There is no heat pump {id}." : $"There is no such heat pump; an id is {HeatPumpId.Format}.",
            statusCode: StatusCodes.Status404NotFound,
            title: "Not found");

    public static ProblemHttpResult NotFound(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static ProblemHttpResult Conflict(string detail, IEnumerable<KeyValuePair<string, object?>>? extensions = null) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: "Not done", extensions: extensions);

    public static ProblemHttpResult BadGateway(string detail, IEnumerable<KeyValuePair<string, object?>> extensions) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status502BadGateway, title: "The heat pump did not answer", extensions: extensions);

    public static ProblemHttpResult NotJson() => TypedResults.Problem(
        "The body must be JSON, sent with the header Content-Type: application/json.",
        statusCode: StatusCodes.Status415UnsupportedMediaType,
        title: "Unsupported media type");

    public static ProblemHttpResult BodyTooLarge() => TypedResults.Problem(
        string.Create(CultureInfo.InvariantCulture, $"The body must have at most {RequestBytes.Limit} bytes."),
        statusCode: StatusCodes.Status413PayloadTooLarge,
        title: "Content too large");

    public static ProblemHttpResult OfStatus(int status, string? detail = null) => TypedResults.Problem(detail, statusCode: status);
}
