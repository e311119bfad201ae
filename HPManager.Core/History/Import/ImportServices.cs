using HPManager.Core.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HPManager.Core.History.Import;

internal static class ImportServices
{
    /// <summary>Adds the import of history; it stops before the store does.</summary>
    public static IServiceCollection AddHistoryImport(this IServiceCollection services)
    {
        services.AddSingleton<ImportFolder>();
        services.AddSingleton(provider => new HistoryImport(
            provider.GetRequiredService<ImportFolder>(),
            provider.GetRequiredService<ITimeSeriesStore>(),
            provider.GetRequiredService<LiveValues>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HistoryImport>>()));
        services.AddHostedService(provider => provider.GetRequiredService<HistoryImport>());
        return services;
    }
}
