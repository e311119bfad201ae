using HPManager.Core.Alerts;

namespace HPManager.Web.Api;

/// <summary>Owners' rules for alerts.</summary>
internal static class AlertsApi
{
    public static void MapAlerts(this RouteGroupBuilder api) => api.MapOwned(new OwnedArea<AlertRule>(
        "alerts", "Alert", "an alert rule", rule => rule.Id, (rule, id) => rule with { Id = id }));
}
