using HPManager.Core.Discovery;
using HPManager.Core.Manufacturers;
using HPManager.Core.Storage;
using HPManager.Drivers.Discovery;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Drivers.Import;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Modbus.Profiles.Owner;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Drivers.Sockets;
using HPManager.Drivers.Viessmann;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HPManager.Drivers;

/// <summary>Registers the protocols.</summary>
public static class DriverServices
{
    /// <summary>Adds every driver and the manufacturers that their profiles describe.</summary>
    public static IServiceCollection AddHPManagerDrivers(this IServiceCollection services)
    {
        services.AddSingleton<LegacyImport>();
        services.AddSingleton<EnvironmentImport>();
        services.AddSingleton<HostGate>();
        services.AddSingleton(provider => new MqttBrokers(
            new MqttClientOptions(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MqttClient>>()));

        // Of two ways to read one make, the one that comes first here is offered first.
        services.AddSingleton<LuxtronikDriver>();
        services.AddSingleton<IManufacturerSource>(provider => new LuxtronikManufacturerSource(provider.GetRequiredService<LuxtronikDriver>()));
        services.AddSingleton<EbusdDriver>();
        services.AddSingleton<IManufacturerSource>(provider => new EbusdManufacturerSource(provider.GetRequiredService<EbusdDriver>()));
        services.AddViessmann();
        services.AddSingleton(provider => new ModbusDriver(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<HostGate>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new OwnerProfiles(provider.GetRequiredService<IOptions<StorageOptions>>().Value.ProfileFolder));
        services.AddSingleton(provider => new ModbusManufacturerSource(
            provider.GetRequiredService<ModbusDriver>(),
            provider.GetRequiredService<OwnerProfiles>(),
            provider.GetRequiredService<ILogger<ModbusManufacturerSource>>()));
        services.AddSingleton<IManufacturerSource>(provider => provider.GetRequiredService<ModbusManufacturerSource>());
        services.AddSingleton<PowervaultDriver>();
        services.AddSingleton<IManufacturerSource>(provider => new PowervaultManufacturerSource(provider.GetRequiredService<PowervaultDriver>()));
        services.AddSingleton<ITopicProbe, PowervaultTopicProbe>();
        services.AddSingleton<ITopicProbe, HusdataTopicProbe>();
        services.AddSingleton<IBrokerListener, BrokerListener>();
        services.AddSingleton<HusdataDriver>();
        services.AddSingleton<IManufacturerSource>(provider => new HusdataManufacturerSource(provider.GetRequiredService<HusdataDriver>()));
        services.AddSingleton<INetworkProbe, ModbusProbe>();
        services.AddSingleton<INetworkProbe, HusdataProbe>();
        services.AddSingleton<INetworkProbe, EbusdProbe>();
        services.AddSingleton<LuxtronikProbe>();
        services.AddSingleton<INetworkProbe>(provider => provider.GetRequiredService<LuxtronikProbe>());
        services.AddSingleton<INetworkCall>(provider => provider.GetRequiredService<LuxtronikProbe>());
        return services;
    }
}
