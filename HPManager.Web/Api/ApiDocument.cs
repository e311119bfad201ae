using System.Text.Json;
using System.Text.Json.Nodes;
using HPManager.Core.HeatPumps;
using HPManager.Core.Sensors;
using HPManager.Core.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HPManager.Web.Api;

/// <summary>The API's description (OpenAPI at /openapi/v1.json) and the page that shows it (/swagger).</summary>
internal static class ApiDocument
{
    private const string ContractSuffix = "Contract";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = static description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true;
        options.CreateSchemaReferenceId = static type => IsInline(type.Type)
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && name.EndsWith(ContractSuffix, StringComparison.Ordinal)
                ? name[..^ContractSuffix.Length]
                : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "HPManager",
                Version = "v1",
                Description = "Heat pumps: what can be configured, what is configured, what they tell, and what they can be told. "
                    + "Times are UTC, numbers are in the unit named beside them, errors are problem details (RFC 9457). "
                    + "The newest values are also pushed by the SignalR hub at /hubs/live: Subscribe(heatPumpId or null), which sends Snapshot.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            if (context.JsonTypeInfo.ElementType is { } item && schema.Items is null) DescribeItems(schema, item);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi();
        endpoints.MapSwaggerUI("swagger", options =>
        {
            options.DocumentTitle = "HPManager API";

            // Relative, so that it is found behind a proxy's path too.
            options.SwaggerEndpoint("../openapi/v1.json", "HPManager v1");
        });
    }

    private static bool IsInline(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(Unit) || type == typeof(JsonElement) || FormatOf(type) is not null;
    }

    // The types of ours that have converters of their own, which the schema generator cannot look into.
    private static void Describe(OpenApiSchema schema, Type type)
    {
        var isNullable = Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(type).Select(name => (JsonNode)SnakeCase.FromPascalCase(name))];
        }
        else if (FormatOf(type) is { } format)
        {
            schema.Type = JsonSchemaType.String;
            schema.Description ??= format;
        }
        else if (type == typeof(Unit))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (type == typeof(CodeTable))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Codes and their words.";
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        else if (type == typeof(Settings))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Values by the keys of the model's parameters: texts, whole numbers, true or false, or a list of texts.";
            schema.AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Boolean | JsonSchemaType.Array,
            };
        }
        else if (type == typeof(double?[]))
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null, Format = "double" };
        }
        else if (type == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Number | JsonSchemaType.String | JsonSchemaType.Boolean;
        }

        if (isNullable && schema.Type is { } single) schema.Type = single | JsonSchemaType.Null;
    }

    // Items that have no schema of their own are left out by the generator.
    private static void DescribeItems(OpenApiSchema schema, Type item)
    {
        if (!item.IsEnum && !IsInline(item)) return;
        var described = new OpenApiSchema();
        Describe(described, item);
        schema.Items = described;
    }

    private static string? FormatOf(Type type) =>
        type == typeof(HeatPumpId) ? HeatPumpId.Format : type == typeof(SensorKey) ? SensorKey.Format : null;
}
