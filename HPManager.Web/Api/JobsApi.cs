using HPManager.Core.Jobs;

namespace HPManager.Web.Api;

/// <summary>Owners' planned writes.</summary>
internal static class JobsApi
{
    public static void MapJobs(this RouteGroupBuilder api) => api.MapOwned(new OwnedArea<Job>(
        "jobs", "Job", "a planned write", job => job.Id, (job, id) => job with { Id = id }));
}
