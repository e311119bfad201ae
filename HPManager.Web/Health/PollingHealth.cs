using HPManager.Core.HeatPumps;
using HPManager.Core.Polling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HPManager.Web.Health;

/// <summary>
/// Ready when every configured heat pump has been handed to its poll loop. A heat pump that does not answer is no fault of the server.
/// </summary>
internal sealed class PollingHealth(HeatpumpManager manager) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(manager.IsStarted
            ? HealthCheckResult.Healthy("Polling.")
            : HealthCheckResult.Unhealthy("The poll loops have not been started."));
}

/// <summary>Ready when the configuration can be read, which it can only from a store that has been migrated.</summary>
internal sealed class ConfigurationHealth(IHeatPumpStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var heatPumps = await store.ListAsync(cancellationToken);
        return HealthCheckResult.Healthy($"{heatPumps.Count} heat pumps are configured.");
    }
}
