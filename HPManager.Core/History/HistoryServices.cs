using HPManager.Core.History.Embedded;
using HPManager.Core.History.Engines;
using HPManager.Core.Polling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HPManager.Core.History;

internal static class HistoryServices
{
    /// <summary>Adds the store and its writer; both start before, and the writer stops after, what is registered behind them.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HistoryOptions>, ValidateHistoryOptions>();
        services.AddSingleton<EmbeddedTimeSeriesStore>();
        services.AddSingleton<ITimeSeriesStore>(provider => provider.GetRequiredService<EmbeddedTimeSeriesStore>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedTimeSeriesStore>());
        services.AddSingleton<HistoryWriter>();
        services.AddSingleton<ISnapshotObserver>(provider => provider.GetRequiredService<HistoryWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<HistoryWriter>());
        services.AddSingleton<IHistoryFile>(provider => provider.GetRequiredService<EmbeddedTimeSeriesStore>());
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<EmbeddedTimeSeriesStore>());
        services.AddHistoryEngines();
        services.AddSingleton<HistorySettingsStore>();
        services.AddSingleton<EngineFeeds>();
        services.AddSingleton<IHistorySource>(provider => provider.GetRequiredService<EngineFeeds>());
        services.AddHostedService(provider => provider.GetRequiredService<EngineFeeds>());
        services.AddHostedService<HistoryKeeper>();
        services.AddSingleton<DeviceWrites>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceWrites>());
        return services;
    }
}
