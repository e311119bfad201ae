using FluentValidation;
using HPManager.Core.Alerts;
using HPManager.Core.Control;
using HPManager.Core.Dashboards;
using HPManager.Core.HeatPumps;
using HPManager.Core.Jobs;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HPManager.Core;

/// <summary>Registers the domain.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds live values, polling, control and configuration. A driver assembly adds its <see cref="IManufacturerSource"/>s beside it.
    /// </summary>
    public static IServiceCollection AddHPManagerCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveValues>();
        services.AddSingleton<ManufacturerRegistry>();
        services.AddSingleton<HeatpumpManager>();
        services.AddSingleton<IEndpointDoor>(provider => provider.GetRequiredService<HeatpumpManager>());
        services.AddHostedService(provider => provider.GetRequiredService<HeatpumpManager>());
        services.AddSingleton<HeatPumpDirectory>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<WriteControl>();
        services.AddSingleton<IValidator<Dashboard>, DashboardValidator>();
        services.AddSingleton<IValidator<AlertRule>, AlertRuleValidator>();
        services.AddSingleton<IValidator<Job>, JobValidator>();
        return services;
    }
}
