using HPManager.Core.Dashboards;

namespace HPManager.Web.Api;

/// <summary>Owners' own arrangements of sensors.</summary>
internal static class DashboardsApi
{
    public static void MapDashboards(this RouteGroupBuilder api) => api.MapOwned(new OwnedArea<Dashboard>(
        "dashboards", "Dashboard", "a dashboard", dashboard => dashboard.Id, (dashboard, id) => dashboard with { Id = id }));
}
