using System.Collections.Concurrent;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Ebusd.Driver;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Ebusd.Fixtures;

/// <summary>The driver in front of a line server. The clock stands still until a test moves it, so that no timeout ever comes by accident.</summary>
internal sealed class EbusdSite : IAsyncDisposable, IDeviceMemory
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly IEndpointSession _endpoint;

    public EbusdSite(FakeEbusd fake, EbusdSite? earlier = null, Settings? login = null, ILoggerFactory? logs = null)
        : this(fake.Port, earlier, login, logs: logs) => Fake = fake;

    public EbusdSite(int port, EbusdSite? earlier = null, Settings? login = null, TimeProvider? time = null, ILoggerFactory? logs = null)
    {
        Manual = earlier?.Manual ?? new ManualTime(At);
        Time = time ?? Manual;
        Memory = earlier?.Memory ?? [];
        var driver = new EbusdDriver(Time, logs ?? NullLoggerFactory.Instance);
        Model = new EbusdManufacturerSource(driver).Load().Single().Models.Single();
        var settings = (login ?? Settings.Empty).With("host", "127.0.0.1").With("port", port.ToString(CultureInfo.InvariantCulture));
        var pump = Model.Complete(new HeatPump
        {
            Id = HeatPumpId.FromNumber(1),
            Name = "Pump",
            Manufacturer = Model.Manufacturer,
            Model = Model.Key,
            Connection = new ConnectionConfig("ebusd", settings),
        });
        _endpoint = driver.Open(pump.Connection);
        Device = _endpoint.Attach(pump, Model, this);
    }

    public FakeEbusd? Fake { get; }

    public ManualTime Manual { get; }

    public TimeProvider Time { get; }

    public HeatPumpModel Model { get; }

    public IDeviceSession Device { get; }

    public ConcurrentDictionary<(HeatPumpId, string), string> Memory { get; }

    public async Task<Snapshot> PollAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default).AsTask().WaitAsync(Patience);
        Assert.True(snapshot is not null, failure?.ToString());
        return snapshot;
    }

    public async Task<Reading> ReadingAsync(string key) => (await PollAsync())[SensorKey.Parse(key)]!.Value;

    public async Task<Failure> FailAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default).AsTask().WaitAsync(Patience);
        Assert.Null(snapshot);
        return failure!;
    }

    public Task<Failure?> WriteAsync(string key, double value) => Device.WriteAsync(SensorKey.Parse(key), value, default).AsTask().WaitAsync(Patience);

    public async Task<Reading> ReadAsync(string key)
    {
        var (reading, failure) = await Device.ReadAsync(SensorKey.Parse(key), Time.GetUtcNow(), default).AsTask().WaitAsync(Patience);
        Assert.Null(failure);
        return reading;
    }

    /// <summary>Moves our clock, and ebusd's with it.</summary>
    public void Advance(TimeSpan by)
    {
        if (Fake is { } fake)
        {
            lock (fake.Messages) fake.LocalTime += by;
        }

        Manual.Advance(by);
    }

    public string? Recall(HeatPumpId heatPump, string topic) => Memory.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content) => Memory[(heatPump, topic)] = content;

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
