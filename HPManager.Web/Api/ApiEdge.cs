using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace HPManager.Web.Api;

/// <summary>
/// Around every endpoint of the API: a refused body never reaches its handler, and whatever fails, the caller is answered with problem details and
/// never with a page or a stack trace. It is part of the endpoints, so that it holds whatever pages the host shows for errors.
/// </summary>
internal static partial class ApiEdge
{
    private const string Prefix = "/api";

    /// <summary>The group of all endpoints of the API, below /api.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Prefix).WithEdge();
        api.Map("{**path}", NoEndpoint).ExcludeFromDescription();
        return api;
    }

    private static RouteGroupBuilder WithEdge(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static (context, next) =>
            context.Arguments.OfType<IBody>().FirstOrDefault(body => body.Refusal is not null) is { } refused
                ? ValueTask.FromResult<object?>(refused.Refusal)
                : next(context));
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context => RunAsync(inner, context);
        });
        return group;
    }

    /// <summary>
    /// Answers for a path below the group that no endpoint took: 404, 405 when another method has it, 415 when this one has it but takes JSON only.
    /// </summary>
    private static ProblemHttpResult NoEndpoint(HttpContext context, EndpointDataSource endpoints)
    {
        var methods = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Matches(endpoint.RoutePattern, context))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (methods.Count == 0)
            return Problems.NotFound($"There is nothing at {context.Request.Path}; the API is described at /openapi/v1.json.");
        if (methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase)) return Problems.NotJson();
        var allowed = string.Join(", ", methods);
        context.Response.Headers.Allow = allowed;
        return Problems.OfStatus(StatusCodes.Status405MethodNotAllowed, $"{context.Request.Path} allows: {allowed}.");
    }

    // Pages may match any path, also one below /api.
    private static bool Matches(RoutePattern pattern, HttpContext context) =>
        pattern.RawText?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) is true
        && new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(context.Request.Path, []);

    private static async Task RunAsync(RequestDelegate inner, HttpContext context)
    {
        try
        {
            await inner(context);
            var response = context.Response;
            if (!response.HasStarted && response.StatusCode >= 400 && response.ContentType is null)
                await Problems.OfStatus(response.StatusCode).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, Problems.OfStatus(fault.StatusCode, fault.Message));
        }
#pragma warning disable CA1031 // the edge: a fault is logged here, with the request it belongs to, and the caller is told that there was one
        catch (Exception fault) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            Log.Failed(Logger(context), context.TraceIdentifier, context.Request.Method, context.Request.Path, fault);
            await AnswerAsync(context, fault is IOException
                ? Problems.OfStatus(StatusCodes.Status503ServiceUnavailable, "The store cannot be used now; the log says why. Try again later.")
                : Problems.OfStatus(
                    StatusCodes.Status500InternalServerError, $"A fault in HPManager; the log tells more under {context.TraceIdentifier}."));
        }
    }

    private static Task AnswerAsync(HttpContext context, ProblemHttpResult problem)
    {
        context.Response.Clear();
        return problem.ExecuteAsync(context);
    }

    private static ILogger Logger(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiEdge).FullName!);

    private static partial class Log
    {
        [LoggerMessage(EventId = 8000, Level = LogLevel.Error, Message = "Request {Request} failed: {Method} {Path}")]
        public static partial void Failed(ILogger logger, string request, string method, PathString path, Exception exception);
    }
}
