using HPManager.Core.Accounts;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HPManager.Core.Storage;

internal static class StorageServices
{
    /// <summary>Adds the configuration's file; it is brought to this version before the services registered after it start.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        SqliteEngine.Prepare();
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, ValidateStorageOptions>();
        services.AddDbContextFactory<HPManagerContext>((provider, builder) =>
            builder.UseSqlite(ConfigurationDatabase.ConnectionString(provider.GetRequiredService<IOptions<StorageOptions>>().Value)));
        services.AddHostedService<ConfigurationDatabase>();
        services.AddSingleton<DeviceMemory>();
        services.AddSingleton<IDeviceMemory>(provider => provider.GetRequiredService<DeviceMemory>());
        services.AddHostedService(provider => provider.GetRequiredService<DeviceMemory>());
        services.AddSingleton<SecretSettings>();
        services.AddSingleton<IHeatPumpStore, HeatPumpStore>();
        services.AddSingleton<IAccountStore, AccountStore>();
        services.AddSingleton<IDocumentStore, DocumentStore>();
        services.AddSingleton(typeof(IOwnedStore<>), typeof(OwnedStore<>));
        return services;
    }
}
