using System.Buffers;
using System.Reflection;
using System.Text.Json;
using FluentValidation;
using HPManager.Core.HeatPumps;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace HPManager.Web.Api;

/// <summary>A request body as it was bound: either a value or the answer that says what is wrong with it.</summary>
internal interface IBody
{
    /// <summary>What to answer instead of calling the handler; null when there is a value.</summary>
    IResult? Refusal { get; }
}

/// <summary>
/// A JSON request body that was read whole, compared with its type, and validated. A handler that takes one is called only when there is a value.
/// JSON must be said to be JSON: a page of another site can post forms and plain text to this server, but not that.
/// </summary>
/// <typeparam name="T">The contract.</typeparam>
internal sealed class Body<T> : IBody, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private Body(T? value, IResult? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    public T Value => _value ?? throw new InvalidOperationException("The body was refused.");

    public IResult? Refusal { get; }

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType()) return new Body<T>(null, Problems.NotJson());
        var bytes = await RequestBytes.ReadAsync(context.Request, context.RequestAborted);
        if (bytes is not { } json) return new Body<T>(null, Problems.BodyTooLarge());
        try
        {
            var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var errors = Read(json, options, out var value);
            if (value is not null && context.RequestServices.GetService<IValidator<T>>() is { } validator)
                errors = [.. validator.Validate(value).Errors.Select(error => new FieldError(error.PropertyName, error.ErrorMessage))];
            return errors.Count > 0 ? new Body<T>(null, Problems.Invalid(errors)) : new Body<T>(value, null);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(json.End);
        }
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
        foreach (var status in new[] { StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType })
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), [Problems.ContentType]));
    }

    private static IReadOnlyList<FieldError> Read(ReadOnlySequence<byte> json, JsonSerializerOptions options, out T? value)
    {
        value = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var errors = JsonShape.Check(document.RootElement, typeof(T), options);
            if (errors.Count == 0) value = document.Deserialize<T>(options);
            return errors;
        }
        catch (JsonException fault)
        {
            return [new FieldError(JsonShape.Root, Malformed(json, fault))];
        }
    }

    private static string Malformed(ReadOnlySequence<byte> json, JsonException fault) => json.IsEmpty
        ? "The body is empty; it must be a JSON object."
        : fault.LineNumber is { } line
            ? $"Not valid JSON at line {line + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}."
            : "Not valid JSON: a member is given twice, or a text is not UTF-8.";
}

/// <summary>Reads a request's body up to a limit.</summary>
internal static class RequestBytes
{
    /// <summary>Largest body of a request, in bytes.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>The whole body, which the caller gives back by advancing the reader; null when it is too large.</summary>
    public static async ValueTask<ReadOnlySequence<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // What is left unread is drained by the server, so that a client in the middle of sending still gets the answer.
        if (request.ContentLength > Limit) return null;
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(cancellationToken);
            if (result.IsCompleted && result.Buffer.Length <= Limit) return result.Buffer;
            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.Buffer.Length > Limit) return null;
        }
    }
}
