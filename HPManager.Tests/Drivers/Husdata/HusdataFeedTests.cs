using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Husdata;
using HPManager.Drivers.Simulation.Makes;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Tests.Drivers.Mqtt;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>A gateway over MQTT, behind a real Mosquitto.</summary>
public class HusdataFeedTests
{
    private const string Gateway = "841d00aabbcc";
    private static readonly string[] Engineering = ["0001=30.1", "0002=34.2", "0007=-2.6", "0009=48.2", "1A01=1", "2201=1", "0203=20.0", "6C60=12345", "CFAA=1450", "7123=9"];
    private static readonly string[] Raw = ["0001=301", "0002=342", "0007=65510", "0009=482", "1A01=1", "2201=10", "0203=200", "6C60=12345", "CFAA=1450", "7123=9"];

    [Theory]
    [InlineData("auto", true)]
    [InlineData("engineering", true)]
    [InlineData("auto", false)]
    [InlineData("raw", false)]
    public async Task Poll_GatewayThatAnswersGetAll_IsASnapshotInEitherForm(string form, bool isEngineering)
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, isEngineering ? Engineering : Raw);
        await using var site = Site(broker.Port, form: form);

        var snapshot = await site.PollAsync();

        Assert.Equal(
            ["30.1 °C", "34.2 °C", "-2.6 °C", "48.2 °C", "1 = on", "1 = auto", "20 °C", "1450 W", "9", "MQTT"],
            new[] { "radiator_return", "radiator_forward", "outdoor_temp", "hot_water_top", "compressor_on", "operating_mode", "room_setpoint", "power_consumption", "index_7123", "gateway_link" }
                .Select(sensor => HusdataVectorTests.Text(snapshot, sensor)));
        Assert.Equal(["GETALL"], gateway.Commands);
    }

    [Fact]
    public async Task Poll_ValuesThatArriveOneByOne_EachCarryTheirOwnAge()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, Engineering);
        await using var site = Site(broker.Port);
        var first = await site.PollAsync();
        var before = TimeProvider.System.GetUtcNow();

        await gateway.PublishAsync("0007", "-3.1");
        Snapshot? second = null;
        await Eventually.IsTrue(async () => HusdataVectorTests.Text(second = await site.PollAsync(), "outdoor_temp") == "-3.1 °C");

        var (outdoor, flow) = (second![SensorKey.Parse("outdoor_temp")]!.Value, second[SensorKey.Parse("radiator_forward")]!.Value);
        Assert.True(outdoor.At >= before && outdoor.At <= second.At);
        Assert.True(flow.At < before && flow.IsGood);
        Assert.True(flow.At >= first[SensorKey.Parse("radiator_forward")]!.Value.At);
        Assert.Equal(["GETALL"], gateway.Commands);
    }

    [Fact]
    public async Task Poll_BrokerThatRestarts_IsAskedForEverythingAgain()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, Engineering);
        var time = new JumpingTime();
        await using var site = Site(broker.Port, time: time);
        await site.PollAsync();

        await broker.StopAsync();
        await Eventually.IsTrue(async () => (await site.Device.PollAsync(time.GetUtcNow(), default)).Failure is not null);
        await broker.StartAgainAsync();
        await Eventually.IsTrue(async () => (await site.Device.PollAsync(time.GetUtcNow(), default)).Snapshot is not null);

        // The gateway may come back to its broker later than the driver: then it is asked in its turn, every five minutes.
        await Eventually.IsTrue(async () =>
        {
            if (gateway.Commands.Count(command => command == "GETALL") >= 2) return true;
            time.Jump(TimeSpan.FromMinutes(6));
            await site.Device.PollAsync(time.GetUtcNow(), default);
            return false;
        });
    }

    [Fact]
    public async Task Poll_SilentGateway_SaysThatItMayTakeAnHour()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var site = Site(broker.Port, time: new HurriedTime(10));

        var failure = await site.FailAsync();

        Assert.Equal(FailureCause.NoData, failure.Cause);
        Assert.Contains(Gateway, failure.Message, StringComparison.Ordinal);
        Assert.Contains("an hour", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_GatewayThatFellSilent_IsStaleThenOfflineThenBack()
    {
        var time = new JumpingTime();
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, Engineering);
        await using var site = Site(broker.Port, time: time);
        await site.PollAsync();
        gateway.Obeys = false;

        time.Jump(TimeSpan.FromMinutes(4));
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);
        time.Jump(TimeSpan.FromMinutes(20));
        var stale = await site.ReadingAsync("outdoor_temp");
        Assert.Equal((Quality.Stale, -2.6), (stale.Quality, stale.Value));
        Assert.Contains("within about an hour", stale.Reason, StringComparison.Ordinal);
        time.Jump(TimeSpan.FromMinutes(60));
        Assert.Equal(FailureCause.DeviceOffline, (await site.FailAsync()).Cause);

        gateway.Obeys = true;
        time.Jump(TimeSpan.FromMinutes(6));
        Assert.True((await site.ReadingAsync("outdoor_temp")).IsGood);
    }

    [Fact]
    public async Task Poll_RetainedMessagesAlone_AreNotTakenForFresh()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var client = await broker.ConnectAsync();
        foreach (var value in Engineering) await client.SendAsync($"{Gateway}/HP/{value.Split('=')[0]}", value.Split('=')[1], retain: true);
        await using var site = Site(broker.Port, form: "engineering", time: new HurriedTime(10));

        var reading = await site.ReadingAsync("outdoor_temp");

        Assert.Equal((Quality.Stale, -2.6), (reading.Quality, reading.Value));
        Assert.Contains("kept by the broker", reading.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_OverMqtt_IsSetInItsFormAndProvenByTheValueTopic()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var gateway = await PublishedGateway.StartAsync(broker.Port, Engineering);
        await using var site = Site(broker.Port, options: Settings.Empty.With("allow_unverified_writes", "true"));
        await site.PollAsync();

        Assert.Null(await site.WriteAsync("room_setpoint", 22.5));
        await Eventually.IsTrue(async () => (await site.ReadBackAsync("room_setpoint")).Value == 22.5);
        Assert.Null(await site.WriteAsync("operating_mode", 2));
        await Eventually.IsTrue(async () => (await site.ReadBackAsync("operating_mode")).Value == 2);

        Assert.Equal(["0203=22.5", "2201=2"], gateway.Sets);
    }

    [Fact]
    public async Task Poll_BothWays_OneThatIsDownIsSaidAndFailsNothing()
    {
        await using var broker = await MosquittoProcess.StartAsync();
        await using var published = await PublishedGateway.StartAsync(broker.Port, Engineering);
        await using var http = new FakeGateway("\"0001\":299,\"0002\":340,\"0007\":-20,\"0009\":480");
        await using var site = Site(broker.Port, http.Port);

        var both = await site.PollAsync();
        http.Api = 0;
        var mqttOnly = await site.PollAsync();
        http.Api = 2;
        await broker.StopAsync();
        Snapshot? httpOnly = null;
        await Eventually.IsTrue(async () => HusdataVectorTests.Text(httpOnly = await site.PollAsync(), "gateway_link").Contains("MQTT is down", StringComparison.Ordinal));
        http.Api = 0;
        var failure = await site.FailAsync();

        Assert.Equal(("29.9 °C", "1 = on", "HTTP and MQTT"), (Text(both, "radiator_return"), Text(both, "compressor_on"), Text(both, "gateway_link")));
        Assert.Equal("30.1 °C", Text(mqttOnly, "radiator_return"));
        Assert.StartsWith("MQTT; HTTP is down: The web server", Text(mqttOnly, "gateway_link"), StringComparison.Ordinal);
        Assert.Equal("29.9 °C", Text(httpOnly!, "radiator_return"));
        Assert.Contains("Nor over MQTT", failure.Message, StringComparison.Ordinal);

        static string Text(Snapshot snapshot, string sensor) => HusdataVectorTests.Text(snapshot, sensor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Simulator_PublishingSide_ShowsThePlantAndTakesSettings(bool isRaw)
    {
        var plant = new SimulatedHeatPump(new PlantParameters(), 7, new ManualTime(new DateTimeOffset(2026, 1, 15, 6, 0, 0, TimeSpan.Zero)), past: TimeSpan.FromDays(20));

        // In tenths the scaling is found as over HTTP, and a young heat pump has few counts to tell it by.
        plant.Change(simulated => simulated.FaultCode = 11);
        await using var broker = await MosquittoProcess.StartAsync();
        await using var brokers = new MqttBrokers(TestClients.Quick, TimeProvider.System, NullLogger<MqttClient>.Instance);
        await using var gateway = SimulatedGatewayPublisher.Start(
            new ThermiaGatewayBank(plant), brokers, new MqttEndpoint("127.0.0.1", broker.Port), Gateway, isRaw, TimeProvider.System);
        await gateway.ListeningAsync(TestClients.Soon());
        await using var site = Site(broker.Port);

        var snapshot = await site.PollAsync();
        Assert.Null(await site.WriteAsync("room_setpoint", 23.5));
        await Eventually.IsTrue(async () => (await site.ReadBackAsync("room_setpoint")).Value == 23.5);

        Assert.Equal(Math.Round(plant.State.Outdoor, 1), snapshot[Signal.OutdoorTemperature]!.Value.Value!.Value, 1e-9);
        Assert.Equal(23.5, plant.With(simulated => simulated.RoomTarget));
        Assert.DoesNotContain(snapshot.Readings, reading => reading.Quality is Quality.Failed or Quality.Implausible);
    }

    [Fact]
    public void Conflict_OneGatewayByTwoWays_IsRefusedAsFarAsItCanBeKnown()
    {
        var driver = HusdataSite.Driver(TimeProvider.System);
        var http = new ConnectionConfig("http", Settings.Empty.With("host", "H60-1").With("port", "80"));
        var both = Connection(1883, 80) with { Settings = Connection(1883, 80).Settings.With("host", "h60-1") };
        var mqtt = Connection(1883, null);
        var other = mqtt with { Settings = mqtt.Settings.With("gateway", "841d00aabbcd") };

        Assert.Equal(driver.EndpointOf(http), driver.EndpointOf(both));
        Assert.Contains("configured once", driver.ConflictOf(mqtt, both), StringComparison.Ordinal);
        Assert.Null(driver.ConflictOf(mqtt, other));
        Assert.NotEqual(driver.EndpointOf(mqtt), driver.EndpointOf(other));
        Assert.Null(driver.ConflictOf(http, mqtt));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("#")]
    [InlineData("+")]
    public async Task Poll_NumberThatIsNoLevelOfATopic_IsMisconfigured(string gateway)
    {
        var connection = Connection(1, null);
        await using var site = new HusdataSite(
            1, "thermia/diplomat", time: TimeProvider.System, connection: connection with { Settings = connection.Settings.With("gateway", gateway) });

        Assert.Equal(FailureCause.Misconfigured, (await site.FailAsync()).Cause);
    }

    private static HusdataSite Site(int broker, int? http = null, string form = "auto", TimeProvider? time = null, Settings? options = null) => new(
        1, "thermia/diplomat", options, time: time ?? TimeProvider.System,
        connection: Connection(broker, http) with { Settings = Connection(broker, http).Settings.With("mqtt_scaling", form) });

    private static ConnectionConfig Connection(int broker, int? http)
    {
        var settings = Settings.Empty.With("broker", "127.0.0.1").With("broker_port", broker.ToString(CultureInfo.InvariantCulture)).With("gateway", Gateway);
        return http is { } port
            ? new ConnectionConfig("http_mqtt", settings.With("host", "127.0.0.1").With("port", port.ToString(CultureInfo.InvariantCulture)))
            : new ConnectionConfig("mqtt", settings);
    }

    /// <summary>A clock that runs as the real one does, and jumps ahead when told to; timers keep to the real one.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _ahead;

        public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
    }
}

/// <summary>The publishing side of a gateway as the page describes it: topics, commands and settings, with numbers that a test gives.</summary>
internal sealed class PublishedGateway : IAsyncDisposable
{
    private const string Gateway = "841d00aabbcc";

    private readonly MqttClient _client;
    private readonly MqttSubscription _heard;
    private readonly ConcurrentDictionary<string, string> _values;
    private readonly Task _running;

    private PublishedGateway(MqttClient client, MqttSubscription heard, IEnumerable<string> values)
    {
        (_client, _heard) = (client, heard);
        _values = new ConcurrentDictionary<string, string>(values.Select(value => value.Split('=')).Select(parts => KeyValuePair.Create(parts[0], parts[1])));
        _running = ObeyAsync();
    }

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Sets { get; } = new();

    public bool Obeys { get; set; } = true;

    public static async Task<PublishedGateway> StartAsync(int port, IEnumerable<string> values)
    {
        var client = TestClients.Start(port);
        return new PublishedGateway(client, await client.SubscribedAsync($"{Gateway}/HP/#", MqttQos.AtMostOnce), values);
    }

    public Task PublishAsync(string index, string value)
    {
        _values[index] = value;
        return _client.SendAsync($"{Gateway}/HP/{index}", value, MqttQos.AtMostOnce);
    }

    public async ValueTask DisposeAsync()
    {
        await _heard.DisposeAsync();
        await _running;
        await _client.DisposeAsync();
    }

    private async Task ObeyAsync()
    {
        await foreach (var message in _heard.ReadAllAsync(default))
        {
            var text = Encoding.UTF8.GetString(message.Payload.Span);
            var levels = message.Topic.Split('/');
            if (levels is [_, _, "SET", var index])
            {
                Sets.Enqueue($"{index}={text}");
                await PublishAsync(index, text);
            }
            else if (levels is [_, _, "CMD"])
            {
                Commands.Enqueue(text);
                if (!Obeys || text != "GETALL") continue;
                foreach (var (known, value) in _values) await PublishAsync(known, value);
            }
        }
    }
}
