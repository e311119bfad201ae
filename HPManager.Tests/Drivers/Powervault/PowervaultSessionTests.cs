using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Mqtt;
using HPManager.Drivers.Powervault.Driver;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Powervault;

/// <summary>The driver at a real Mosquitto, told by Mosquitto's own client.</summary>
public sealed class PowervaultSessionTests : IAsyncLifetime
{
    private const string Charge = """[{"measurement":"StateOfCharge","value":9700}]""";
    private MosquittoProcess _broker = null!;

    public async Task InitializeAsync() => _broker = await MosquittoProcess.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Poll_BatteryThatSpeaks_LearnsItsIdAndTellsItsValues()
    {
        await using var told = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge), ("pv/PV3/PV0042/inverter/charge", """{"power":-1500}"""));
        await using var site = new Site(_broker.Port);

        var snapshot = await site.ReadAsync();
        Assert.Equal(97, snapshot[Signal.StateOfCharge]!.Value.Value);
        await Eventually.IsTrue(async () => (await site.ReadAsync())[Signal.ChargePower] is { IsGood: true, Value: 1500 });
    }

    [Fact]
    public async Task Poll_TwoBatteries_NamesBothAndAsksForOne()
    {
        await using var told = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge), ("pv/PV3/PV0043/bms/soc", """{"usable_soc":1100}"""));
        await using var undecided = new Site(_broker.Port);
        await using var decided = new Site(_broker.Port, ("device_id", "PV0043"));

        await Eventually.IsTrue(async () => (await undecided.PollAsync()).Failure?.Cause == FailureCause.Misconfigured);
        var failure = (await undecided.PollAsync()).Failure!;
        Assert.Contains("PV0042, PV0043", failure.Message, StringComparison.Ordinal);
        Assert.Contains("device id", failure.Hint, StringComparison.Ordinal);
        Assert.Equal(11, (await decided.ReadAsync())[Signal.StateOfCharge]!.Value.Value);
    }

    [Fact]
    public async Task Poll_BrokerWithoutABattery_SaysThatNothingCame()
    {
        await using var site = new Site(_broker.Port, new HurriedTime(20));

        var failure = (await site.PollAsync()).Failure!;

        Assert.Equal(FailureCause.NoData, failure.Cause);
        Assert.Contains("no message of a battery", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_BatteryThatFallsSilent_IsOfflineAndComesBack()
    {
        var time = new HurriedTime(20);
        await using var site = new Site(_broker.Port, time);
        await using (ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge))) await site.ReadAsync();

        await Eventually.IsTrue(async () => (await site.PollAsync()).Failure?.Cause == FailureCause.DeviceOffline);

        await using var again = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge));
        await Eventually.IsTrue(async () => (await site.PollAsync()).Snapshot is not null);
    }

    [Fact]
    public async Task Poll_BrokerRestarts_ComesBackByItself()
    {
        await using var told = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge));
        await using var site = new Site(_broker.Port);
        await site.ReadAsync();

        await _broker.StopAsync();
        await Eventually.IsTrue(async () => (await site.PollAsync()).Failure is not null);
        await _broker.StartAgainAsync();

        await Eventually.IsTrue(async () => (await site.PollAsync()).Snapshot is not null, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Modules_FoundOnce_AreKnownAfterARestart()
    {
        await using var told = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", """{"module_addr":4,"StateOfCharge":8200}"""), ("pv/PV3/PV0042/bms/soc", Charge));
        var memory = new MemoryDeviceMemory();
        await using (var site = new Site(_broker.Port, memory: memory))
            await Eventually.IsTrue(async () => (await site.ReadAsync())[SensorKey.Parse("module_soc_4")]?.Value == 82);

        await using var later = new Site(_broker.Port, memory: memory);

        Assert.True(later.Session.Sensors.PositionOf(SensorKey.Parse("module_soc_4")) >= 0);
    }

    [Fact]
    public async Task Release_OfTheDevice_EndsItsSubscriptionAndTheConnection()
    {
        await using var told = ToldOverMosquitto.Start(_broker.Port, ("pv/PV3/PV0042/bms/soc", Charge));
        var site = new Site(_broker.Port);
        await site.ReadAsync();
        Assert.Equal(1, site.Brokers.Count);

        await site.LetGoAsync();

        Assert.Equal(0, site.Brokers.Count);
        await site.DisposeAsync();
    }

    [Fact]
    public async Task Write_AnySensor_IsRefused()
    {
        await using var site = new Site(_broker.Port);
        Assert.Equal(FailureCause.Refused, (await site.Session.WriteAsync(SensorKey.Parse("schedule_event"), 1, default))!.Cause);
    }

    /// <summary>A battery as the setup would configure it.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly IEndpointSession _endpoint;
        private readonly TimeProvider _time;
        private bool _isLetGo;

        public Site(int port, params (string Key, string Value)[] settings)
            : this(port, TimeProvider.System, new MemoryDeviceMemory(), settings)
        {
        }

        public Site(int port, TimeProvider? time = null, MemoryDeviceMemory? memory = null)
            : this(port, time ?? TimeProvider.System, memory ?? new MemoryDeviceMemory(), [])
        {
        }

        private Site(int port, TimeProvider time, MemoryDeviceMemory memory, (string Key, string Value)[] settings)
        {
            _time = time;
            Brokers = new MqttBrokers(new MqttClientOptions(), time, NullLogger<MqttClient>.Instance);
            var driver = new PowervaultDriver(Brokers, time, NullLoggerFactory.Instance);
            var model = new PowervaultManufacturerSource(driver).Load().Single().Models.Single();
            var connection = settings.Aggregate(
                new Settings([new("host", "127.0.0.1"), new("port", port.ToString(CultureInfo.InvariantCulture))]), (all, one) => all.With(one.Key, one.Value));
            var heatPump = model.Complete(new HeatPump
            {
                Id = HeatPumpId.FromNumber(1),
                Name = "Battery",
                Manufacturer = model.Manufacturer,
                Model = model.Key,
                Connection = new ConnectionConfig(model.Connections[0].Kind, connection),
            });
            Assert.Empty(model.Connections[0].Parameters.Check(heatPump.Connection.Settings, "connection"));
            _endpoint = driver.Open(heatPump.Connection);
            Session = _endpoint.Attach(heatPump, model, memory);
        }

        public MqttBrokers Brokers { get; }

        public IDeviceSession Session { get; }

        public async Task<PollResult> PollAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await Session.PollAsync(_time.GetUtcNow(), limit.Token);
        }

        public async Task<Snapshot> ReadAsync()
        {
            var result = await PollAsync();
            return result.Snapshot ?? throw new InvalidOperationException(result.Failure!.Message);
        }

        public async Task LetGoAsync()
        {
            if (_isLetGo) return;
            _isLetGo = true;
            await Session.DisposeAsync();
            await _endpoint.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await LetGoAsync();
            await Brokers.DisposeAsync();
        }
    }
}
