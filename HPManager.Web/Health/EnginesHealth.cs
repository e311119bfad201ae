using HPManager.Core.History.Engines;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HPManager.Web.Health;

/// <summary>Degraded while an engine takes nothing, has refused readings, or cannot be read although it was chosen: nothing is lost here, but something is missing there.</summary>
internal sealed class EnginesHealth(EngineFeeds feeds) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var statuses = await feeds.StatusAsync(cancellationToken);
            var troubles = statuses.SelectMany(engine => TroublesOf(engine.Key, engine.Value)).ToList();
            if (feeds.Source is { Chosen: { } chosen, Instead: { } reason })
                troubles.Add($"charts and REST read from the embedded store instead of {chosen}: {reason.TrimEnd('.')}");
            return troubles.Count > 0
                ? HealthCheckResult.Degraded(string.Join("; ", troubles) + ".")
                : HealthCheckResult.Healthy(statuses.Count == 0 ? "None." : string.Join("; ", statuses.Select(engine => $"{engine.Key} is {engine.Value.Lag.Polls} polls behind")) + ".");
        }
        catch (IOException fault)
        {
            return HealthCheckResult.Degraded(fault.Message);
        }
    }

    private static IEnumerable<string> TroublesOf(string engine, EngineStatus status)
    {
        if (status is { LastError: { } error, FailingSince: { } since })
            yield return $"{engine} takes nothing since {since:yyyy-MM-dd HH:mm:ss'Z'}, {status.Lag.Polls} polls behind: {error.TrimEnd('.')}";
        if (status.Refused > 0) yield return $"{engine} refused {status.Refused} readings for good, such as {status.Refusals[^1].TrimEnd('.')}";
    }
}
