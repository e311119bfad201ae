using System.Collections.Concurrent;
using System.Globalization;
using HPManager.Core.Discovery;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Drivers.Discovery;
using HPManager.Drivers.Husdata.Feed;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Discovery;

/// <summary>Listening to a real broker for devices.</summary>
public sealed class BrokerListenerTests
{
    [Fact]
    public async Task Listen_DevicesThatSpeak_TellsEachOnceAndWhichIsConfigured()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var told = ToldOverMosquitto.Start(
            broker.Port, ("pv/PV3/PV0042/bms/soc", "1"), ("pv/PV3/PV0043/bms/soc", "not even JSON"), ("pv/PV3/ /x", "1"), ("pv/PV3", "1"), ("zigbee/lamp", "1"),
            ("841d00aabbcc/HP/0007", "-3.4"), ("841d00aabbcc/HP/SET", "20"), ("841d00aabbcd/HP/XYZ1", "1"));
        var configured = new HeatPump
        {
            Id = HeatPumpId.FromNumber(7),
            Name = "Battery",
            Manufacturer = "powervault",
            Model = "p3",
            Connection = new ConnectionConfig("powervault_mqtt", Settings.Empty
                .With("host", "127.0.0.1").With("port", broker.Port.ToString(CultureInfo.InvariantCulture)).With("device_id", "PV0043")),
        };
        await using var brokers = new MqttBrokers(new MqttClientOptions(), TimeProvider.System, NullLogger<MqttClient>.Instance);
        var listener = new BrokerListener([new PowervaultTopicProbe(), new HusdataTopicProbe()], brokers, new MemoryHeatPumpStore(configured), TimeProvider.System);
        var found = new ConcurrentQueue<Sighting>();
        using var stop = new CancellationTokenSource();

        var listening = listener.ListenAsync(Broker(broker.Port), TimeSpan.FromMinutes(1), found.Enqueue, stop.Token);
        await Eventually.IsTrue(() => found.Count >= 3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);

        Assert.Equal(["Husdata gateway 841d00aabbcc", "Powervault P3, PV0042", "Powervault P3, PV0043"], found.Select(sighting => sighting.Title).Order(StringComparer.Ordinal));
        var gateway = found.Single(sighting => sighting.Manufacturer is null).Connection!;
        Assert.Equal(("mqtt", "127.0.0.1", "841d00aabbcc"), (gateway.Kind, gateway.Settings["broker"], gateway.Settings["gateway"]));
        var fresh = found.Single(sighting => sighting is { Configured: null, Model: "p3" });
        Assert.Equal("PV0042", fresh.Connection!.Settings["device_id"]);
        Assert.Equal("powervault_mqtt", fresh.Connection.Kind);
        Assert.Equal(0, brokers.Count);
    }

    [Fact]
    public async Task Listen_BrokerThatIsNotThere_SaysWhy()
    {
        await using var brokers = new MqttBrokers(new MqttClientOptions(), TimeProvider.System, NullLogger<MqttClient>.Instance);
        var listener = new BrokerListener([new PowervaultTopicProbe()], brokers, new MemoryHeatPumpStore(), TimeProvider.System);
        int port;
        await using (var broker = await MosquittoProcess.StartAsync()) port = broker.Port;

        var failure = await listener.ListenAsync(Broker(port), TimeSpan.FromMinutes(1), _ => { }, default);

        Assert.Equal(FailureCause.PortClosed, failure!.Cause);
    }

    private static Settings Broker(int port) => new([new("host", "127.0.0.1"), new("port", port.ToString(CultureInfo.InvariantCulture))]);
}
