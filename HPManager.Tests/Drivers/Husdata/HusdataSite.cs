using System.Collections.Concurrent;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Husdata.Driver;
using HPManager.Drivers.Mqtt;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Husdata;

/// <summary>The driver in front of a gateway. The clock stands still until a test moves it, so that no limit is reached by accident.</summary>
internal sealed class HusdataSite : IAsyncDisposable, IDeviceMemory
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 30, TimeSpan.Zero);

    private readonly IEndpointSession _endpoint;
    private readonly TimeProvider _clock;

    public HusdataSite(int port, string model, Settings? options = null, HusdataSite? earlier = null, TimeProvider? time = null, ConnectionConfig? connection = null)
    {
        Time = earlier?.Time ?? new ManualTime(At);
        Memory = earlier?.Memory ?? [];
        _clock = time ?? Time;
        var driver = Driver(_clock);
        Model = ModelOf(driver, model);
        var pump = Model.Complete(new HeatPump
        {
            Id = HeatPumpId.FromNumber(1),
            Name = "Pump",
            Manufacturer = Model.Manufacturer,
            Model = Model.Key,
            Options = options ?? Settings.Empty,
            Connection = connection ?? new ConnectionConfig("http", Settings.Empty.With("host", "127.0.0.1").With("port", port.ToString(CultureInfo.InvariantCulture))),
        });
        _endpoint = driver.Open(pump.Connection);
        Device = _endpoint.Attach(pump, Model, this);
    }

    public ManualTime Time { get; }

    public HeatPumpModel Model { get; }

    public IDeviceSession Device { get; }

    public ConcurrentDictionary<(HeatPumpId, string), string> Memory { get; }

    public static HusdataDriver Driver(TimeProvider time) => new(
        time,
        new MqttBrokers(
            new MqttClientOptions { FirstPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(200) }, time, NullLogger<MqttClient>.Instance),
        NullLoggerFactory.Instance);

    public static HeatPumpModel ModelOf(IHeatPumpDriver driver, string model) =>
        new HusdataManufacturerSource(driver).Load().SelectMany(make => make.Models).Single(candidate => $"{candidate.Manufacturer}/{candidate.Key}" == model);

    public async Task<Snapshot> PollAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(_clock.GetUtcNow(), default);
        Assert.True(snapshot is not null, failure?.ToString());
        return snapshot;
    }

    public async Task<Reading> ReadingAsync(string key) => (await PollAsync())[SensorKey.Parse(key)]!.Value;

    public async Task<Failure> FailAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(_clock.GetUtcNow(), default);
        Assert.Null(snapshot);
        return failure!;
    }

    public Task<Failure?> WriteAsync(string key, double value) => Device.WriteAsync(SensorKey.Parse(key), value, default).AsTask();

    public async Task<Reading> ReadBackAsync(string key)
    {
        var (reading, failure) = await Device.ReadAsync(SensorKey.Parse(key), _clock.GetUtcNow(), default);
        Assert.Null(failure);
        return reading;
    }

    public string? Recall(HeatPumpId heatPump, string topic) => Memory.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content) => Memory[(heatPump, topic)] = content;

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
