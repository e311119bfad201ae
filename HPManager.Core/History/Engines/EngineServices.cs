using HPManager.Core.History.InfluxDb;
using HPManager.Core.History.PostgreSql;
using HPManager.Core.History.VictoriaMetrics;
using Microsoft.Extensions.DependencyInjection;

namespace HPManager.Core.History.Engines;

internal static class EngineServices
{
    /// <summary>Adds the kinds of engines that an owner may choose from.</summary>
    public static IServiceCollection AddHistoryEngines(this IServiceCollection services)
    {
        services.AddSingleton<IHistoryEngineType, InfluxDbType>();
        services.AddSingleton<IHistoryEngineType, VictoriaMetricsType>();
        services.AddSingleton<IHistoryEngineType, PostgreSqlType>();
        return services;
    }
}
