using HPManager.Core.History;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HPManager.Web.Health;

/// <summary>Degraded while the history takes nothing: what is live still works, and what waits is bounded.</summary>
internal sealed class HistoryHealth(HistoryWriter writer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = writer.Status;
        return Task.FromResult(status.FailingSince is { } since
            ? HealthCheckResult.Degraded($"Takes nothing since {since:yyyy-MM-dd HH:mm:ss'Z'}: {status.LastError}; {Counts(status)}")
            : HealthCheckResult.Healthy(Counts(status)));
    }

    private static string Counts(HistoryWriterStatus status) => $"{status.Waiting} snapshots wait, {status.Dropped} are lost.";
}
