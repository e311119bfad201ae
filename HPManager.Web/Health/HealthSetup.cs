using HPManager.Core.Text;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HPManager.Web.Health;

/// <summary>
/// /health/live says that the process answers; /health/ready that it can do its work: 200 when healthy or degraded, 503 when not.
/// </summary>
internal static class HealthSetup
{
    private const string Ready = "ready";

    public static void AddHPManagerHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<ConfigurationHealth>("configuration", tags: [Ready])
        .AddCheck<PollingHealth>("polling", tags: [Ready])
        .AddCheck<HistoryHealth>("history", tags: [Ready])
        .AddCheck<EnginesHealth>("history_engines", tags: [Ready]);

    public static void MapHPManagerHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health");
        health.MapHealthChecks("live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        health.MapHealthChecks("ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new HealthContract(
            SnakeCaseEnum.Key(report.Status),
            report.Entries.ToDictionary(
                entry => entry.Key, entry => new HealthContract.Check(SnakeCaseEnum.Key(entry.Value.Status), entry.Value.Description))),
        context.RequestAborted);

    private sealed record HealthContract(string Status, IReadOnlyDictionary<string, HealthContract.Check> Checks)
    {
        public sealed record Check(string Status, string? Description);
    }
}
