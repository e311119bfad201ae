using FluentValidation;
using HPManager.Web.Health;
using HPManager.Web.Hubs;

namespace HPManager.Web.Api;

/// <summary>Everything that programs use instead of pages: REST below /api with its description, the hub, and the health checks.</summary>
public static class ApiSetup
{
    /// <summary>Adds REST, the hub and the health checks. Core's services are added beside it.</summary>
    public static IServiceCollection AddHPManagerApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddSingleton<IValidator<WriteBody>, WriteBodyValidator>();
        services.AddApiDocument();
        services.AddLiveHub();
        services.AddHPManagerHealth();
        return services;
    }

    /// <summary>
    /// Maps /api, /openapi/v1.json, /swagger, /hubs/live, /health/live and /health/ready.
    /// </summary>
    public static IEndpointRouteBuilder MapHPManagerApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapApi();
        api.MapManufacturers();
        api.MapHeatPumps();
        api.MapReadings();
        api.MapWrites();
        api.MapHistory();
        api.MapHistoryExport();
        api.MapHistoryImport();
        api.MapDashboards();
        api.MapAlerts();
        api.MapJobs();
        api.MapImport();
        api.MapDiscovery();
        api.MapStorage();
        endpoints.MapApiDocument();
        endpoints.MapLiveHub();
        endpoints.MapHPManagerHealth();
        return endpoints;
    }
}
