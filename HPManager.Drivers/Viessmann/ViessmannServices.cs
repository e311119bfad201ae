using HPManager.Core.Accounts;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers.Viessmann.Accounts;
using HPManager.Drivers.Viessmann.Client;
using HPManager.Drivers.Viessmann.Driver;
using HPManager.Drivers.Viessmann.SignIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Drivers.Viessmann;

internal static class ViessmannServices
{
    /// <summary>Adds the driver, its models and its sign-in. Accounts are kept by Core.</summary>
    public static void AddViessmann(this IServiceCollection services)
    {
        services.AddOptions<ViessmannOptions>().BindConfiguration(ViessmannOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ViessmannOptions>, ValidateViessmannOptions>();
        services.AddSingleton(provider => new CloudAccounts(
            provider.GetRequiredService<IOptions<ViessmannOptions>>().Value,
            provider.GetRequiredService<IAccountStore>(),
            provider.GetRequiredService<ISecretProtector>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));

        // The models are there without a file to keep accounts in.
        services.AddSingleton(provider => new ViessmannDriver(
            new Lazy<CloudAccounts>(provider.GetRequiredService<CloudAccounts>), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IManufacturerSource>(provider => new ViessmannManufacturerSource(provider.GetRequiredService<ViessmannDriver>()));
        services.AddSingleton<IAccountSignIn, ViessmannSignIn>();
    }
}
