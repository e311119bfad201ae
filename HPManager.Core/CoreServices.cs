using FluentValidation;
using HPManager.Core.Accounts;
using HPManager.Core.Alerts;
using HPManager.Core.Control;
using HPManager.Core.Dashboards;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.History;
using HPManager.Core.History.Import;
using HPManager.Core.Jobs;
using HPManager.Core.Live;
using HPManager.Core.Manufacturers;
using HPManager.Core.Polling;
using HPManager.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HPManager.Core;

/// <summary>Registers the domain.</summary>
public static class CoreServices
{
    /// <summary>
    /// Adds storage, history, live values, polling, control and configuration. A driver assembly adds its <see cref="IManufacturerSource"/>s beside it.
    /// </summary>
    public static IServiceCollection AddHPManagerCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);

        // Hosted services start in this order and stop in the reverse one: files first, polling last.
        services.AddStorage();
        services.AddHistory();
        services.AddSingleton<LiveValues>();
        services.AddSingleton<ManufacturerRegistry>();
        services.AddSingleton<HeatpumpManager>();
        services.AddSingleton<IEndpointDoor>(provider => provider.GetRequiredService<HeatpumpManager>());
        services.AddHostedService(provider => provider.GetRequiredService<HeatpumpManager>());
        services.AddHistoryImport();
        services.AddSingleton<HeatPumpDirectory>();
        services.AddSingleton<ConnectionTest>();
        services.AddSingleton<AccountSignIns>();
        services.AddOptions<DiscoveryOptions>().BindConfiguration(DiscoveryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DiscoveryOptions>, ValidateDiscoveryOptions>();
        services.AddSingleton<NetworkSearch>();
        services.AddSingleton<HeldWrites>();
        services.AddHostedService(provider => provider.GetRequiredService<HeldWrites>());
        services.AddSingleton<WriteControl>();
        services.AddSingleton<IValidator<Dashboard>, DashboardValidator>();
        services.AddSingleton<IValidator<AlertRule>, AlertRuleValidator>();
        services.AddSingleton<IValidator<Job>, JobValidator>();
        return services;
    }

    /// <summary>
    /// Checks the settings and brings the files to this version, before anything is started that would log a failure of it as one of its own.
    /// Starting does the same again and finds it done.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is not allowed; the message names it.</exception>
    /// <exception cref="StorageException">A file cannot be used; the message is for the owner.</exception>
    public static async Task PrepareHPManagerAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<IOptions<HistoryOptions>>().Value;
        foreach (var file in services.GetServices<IHostedService>().OfType<IPreparedStorage>()) await file.PrepareAsync(cancellationToken);
    }
}
