using System.Collections.Concurrent;
using System.Globalization;
using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Luxtronik.Driver;
using HPManager.Drivers.Sockets;
using HPManager.Tests.Drivers.Luxtronik.Client;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Luxtronik.Driver;

/// <summary>The driver in front of a fake controller. The clock stands still until a test moves it, so that no timeout ever comes by accident.</summary>
internal sealed class LuxtronikSite : IAsyncDisposable, IDeviceMemory
{
    public static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 30, TimeSpan.Zero);

    private readonly IEndpointSession _endpoint;

    /// <summary>A site in front of a controller; the model is the one of its firmware unless another is given.</summary>
    public LuxtronikSite(FakeController controller, LuxtronikSite? earlier = null, string? model = null, Settings? options = null, HostGate? gate = null)
        : this(controller.Port, earlier, model ?? (controller.Calculations[82] is '1' or '2' ? "luxtronik_2_0" : "luxtronik_2_1"), options, gate) =>
        Controller = controller;

    public LuxtronikSite(int port, LuxtronikSite? earlier = null, string model = "luxtronik_2_1", Settings? options = null, HostGate? gate = null)
    {
        Time = earlier?.Time ?? new ManualTime(At);
        Memory = earlier?.Memory ?? [];
        var driver = new LuxtronikDriver(Time, gate ?? new HostGate(Time), NullLoggerFactory.Instance);
        Model = new LuxtronikManufacturerSource(driver).Load().Single().Models.Single(candidate => candidate.Key == model);
        var pump = Model.Complete(new HeatPump
        {
            Id = HeatPumpId.FromNumber(1),
            Name = "Pump",
            Manufacturer = Model.Manufacturer,
            Model = Model.Key,
            Options = options ?? Settings.Empty,
            Connection = new ConnectionConfig("luxtronik", Settings.Empty.With("host", "127.0.0.1").With("port", port.ToString(CultureInfo.InvariantCulture))),
        });
        _endpoint = driver.Open(pump.Connection);
        Device = _endpoint.Attach(pump, Model, this);
    }

    public FakeController? Controller { get; }

    public ManualTime Time { get; }

    public HeatPumpModel Model { get; }

    public IDeviceSession Device { get; }

    public ConcurrentDictionary<(HeatPumpId, string), string> Memory { get; }

    public async Task<Snapshot> PollAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default);
        Assert.True(snapshot is not null, failure?.ToString());
        return snapshot;
    }

    public async Task<Reading> ReadingAsync(string key) => (await PollAsync())[SensorKey.Parse(key)]!.Value;

    public async Task<Failure> FailAsync()
    {
        var (snapshot, failure) = await Device.PollAsync(Time.GetUtcNow(), default);
        Assert.Null(snapshot);
        return failure!;
    }

    public Task<Failure?> WriteAsync(string key, double value) => Device.WriteAsync(SensorKey.Parse(key), value, default).AsTask();

    /// <summary>Moves the clock once the controller has seen this many connections and all are closed, which is when the driver waits.</summary>
    public async Task AdvanceWhenIdleAsync(int connections, TimeSpan by)
    {
        await Eventually.IsTrue(() => Controller!.Connections == connections && Controller.Open == 0 && Time.WaitingTimers > 0);
        Time.Advance(by);
    }

    public string? Recall(HeatPumpId heatPump, string topic) => Memory.GetValueOrDefault((heatPump, topic));

    public void Keep(HeatPumpId heatPump, string topic, string content) => Memory[(heatPump, topic)] = content;

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
