using HPManager.Core.HeatPumps;
using HPManager.Core.Manufacturers;
using HPManager.Core.Sensors;
using HPManager.Drivers.Modbus.Driver;
using HPManager.Drivers.Modbus.Profiles;
using HPManager.Drivers.Simulation;
using HPManager.Drivers.Simulation.Modbus;
using HPManager.Drivers.Simulation.Physics;
using HPManager.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace HPManager.Tests.Drivers.Simulation;

/// <summary>A simulated heat pump behind a socket, and the driver's session with it.</summary>
internal sealed class SimulatedDevice : IAsyncDisposable
{
    private readonly IEndpointSession _endpoint;

    public SimulatedDevice(string manufacturer, string model, HeatSource source = HeatSource.Brine, bool serial = false, Settings? options = null)
    {
        Driver = new ModbusDriver(TimeProvider.System, NullLoggerFactory.Instance);
        var models = new ModbusManufacturerSource(Driver, null, NullLogger<ModbusManufacturerSource>.Instance).Load();
        Model = models.Single(known => known.Key == manufacturer).Models.Single(known => known.Key == model);
        options = Model.Options.WithDefaults(options ?? Settings.Empty);
        Plant = new SimulatedHeatPump(new PlantParameters { Source = source }, 7, Clock, past: TimeSpan.FromHours(36));
        var bank = SimulatedSite.CreateBank((ModbusModel)Model, options, Plant);
        Server = SimulatedModbusServer.Start(new Dictionary<byte, IRegisterBank> { [1] = bank }, TimeProvider.System, serial: serial);
        HeatPump = Model.Complete(new HeatPump
        {
            Id = HeatPumpId.Parse("hp-001"),
            Name = "Simulated",
            Manufacturer = manufacturer,
            Model = model,
            Connection = new ConnectionConfig(
                serial ? "modbus_rtu_over_tcp" : "modbus_tcp",
                new Settings([
                    new("host", "127.0.0.1"),
                    new("port", Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    new("request_timeout_ms", "1500"),
                    new("connect_timeout_ms", "5000"),
                ])),
            Options = options,
        });
        _endpoint = Driver.Open(HeatPump.Connection);
        Session = _endpoint.Attach(HeatPump, Model, Memory);
    }

    public ManualTime Clock { get; } = new(new DateTimeOffset(2026, 1, 15, 6, 0, 0, TimeSpan.Zero));

    public ModbusDriver Driver { get; }

    public HeatPumpModel Model { get; }

    public SimulatedHeatPump Plant { get; }

    public SimulatedModbusServer Server { get; }

    public HeatPump HeatPump { get; }

    public MemoryDeviceMemory Memory { get; } = new();

    public IDeviceSession Session { get; private set; }

    public async Task<Snapshot> PollAsync()
    {
        var result = await Session.PollAsync(Clock.GetUtcNow(), default);
        Assert.Null(result.Failure);
        return result.Snapshot!;
    }

    public async Task<Failure> FailAsync()
    {
        var result = await Session.PollAsync(Clock.GetUtcNow(), default);
        Assert.Null(result.Snapshot);
        return result.Failure!;
    }

    /// <summary>Begins anew, as after a restart of the program.</summary>
    public void Restart() => Session = _endpoint.Attach(HeatPump, Model, Memory);

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await Server.DisposeAsync();
    }
}
